using System.CommandLine;

namespace Kalisecu.Cli;

/// <summary>Where a command speaks and reads: the real terminal, or what a test gives it.</summary>
internal sealed class Terminal : InvocationConfiguration
{
    /// <summary>What the command answers.</summary>
    public TextWriter Results { get; init; } = Console.Out;

    /// <summary>Progress, questions and errors.</summary>
    public TextWriter Messages { get; init; } = Console.Error;

    /// <summary>What a program pipes in.</summary>
    public TextReader Input { get; init; } = Console.In;

    /// <summary>Whether somebody sits there who can be asked.</summary>
    public bool CanAsk { get; init; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;
}
