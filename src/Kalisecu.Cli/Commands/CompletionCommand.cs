using System.CommandLine;

namespace Kalisecu.Cli.Commands;

/// <summary>Prints what a shell needs to complete our commands; the answers come from the [suggest] directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Use it with: source <(./kalisecu completion bash)
        _kalisecu() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _kalisecu kalisecu ./kalisecu

        """;

    private const string Zsh = """
        # Use it with: source <(./kalisecu completion zsh)
        _kalisecu() {
            local -a answers=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- $answers
        }
        compdef _kalisecu kalisecu ./kalisecu

        """;

    private static readonly Argument<string> Shell = new("shell") { Description = "bash or zsh" };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh");
        return new Command("completion", "Print the completion script of a shell") { Shell }.Runs(
            (run, _) =>
            {
                run.Output.Raw(run.Get(Shell) is "zsh" ? Zsh : Bash);
                return Task.FromResult(ExitCodes.Ok);
            }
        );
    }
}
