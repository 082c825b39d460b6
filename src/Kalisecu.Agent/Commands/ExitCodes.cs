namespace Kalisecu.Agent.Commands;

/// <summary>What the agent's commands end with; the numbers above 2 are those of BSD's sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Usage = 2;
    public const int BadReport = 65;
    public const int NoInput = 66;
    public const int Internal = 70;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Cancelled = 130;

    public const string Help =
        "Exit codes: 0 done, 2 wrong usage, 65 the report is malformed, truncated or unknown, 66 the file cannot be read, 70 a fault of the agent.";
}
