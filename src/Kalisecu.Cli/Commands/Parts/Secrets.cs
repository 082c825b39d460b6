using System.CommandLine;
using Kalisecu.Cli.OneMachine;
using Spectre.Console;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>A secret comes from a file, a pipe or a question, never from the argument list, which every user of the machine can read.</summary>
internal sealed class Secrets(string name)
{
    public Option<string?> File { get; } =
        Options.Text($"--{name}-file", "FILE", $"File that holds the {name} in its first line");

    public Option<bool> Stdin { get; } =
        new($"--{name}-stdin") { Description = $"Read the {name} from standard input, one line" };

    public async Task<string> ReadAsync(Invocation run, CancellationToken cancellationToken)
    {
        var secret =
            run.Get(File) is { } file
                ? (await System.IO.File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault()
            : run.Get(Stdin) ? await run.Terminal.Input.ReadLineAsync(cancellationToken)
            : await AskAsync(run, cancellationToken);
        return string.IsNullOrEmpty(secret)
            ? throw new StepFailed($"the {name} is empty", $"write it into the first line")
            : secret;
    }

    private Task<string> AskAsync(Invocation run, CancellationToken cancellationToken) =>
        run.AskAsync(
            new TextPrompt<string>($"{char.ToUpperInvariant(name[0])}{name[1..]}:").Secret(),
            $"the {name} is missing",
            $"give it with --{name}-file or --{name}-stdin",
            cancellationToken
        );
}

internal static class Questions
{
    /// <summary>Asks the person at the terminal; where nobody sits, says which option to use.</summary>
    public static Task<string> AskAsync(
        this Invocation run,
        IPrompt<string> question,
        string problem,
        string advice,
        CancellationToken cancellationToken
    ) =>
        run.Terminal.CanAsk
            ? question.ShowAsync(run.Output.Errors, cancellationToken)
            : throw new StepFailed(problem, advice, ExitCodes.Usage);

    public static Task<string> AskAsync(
        this Invocation run,
        string title,
        string option,
        CancellationToken cancellationToken
    ) =>
        run.AskAsync(
            new TextPrompt<string>(Markup.Escape(title) + ":"),
            $"{title} is missing",
            $"give it with {option}",
            cancellationToken
        );
}
