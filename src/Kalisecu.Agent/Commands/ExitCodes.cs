namespace Kalisecu.Agent.Commands;

/// <summary>What the agent's commands end with; the numbers above 2 are those of BSD's sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Usage = 2;
    public const int BadReport = 65;
    public const int NoInput = 66;
    public const int Unavailable = 69;
    public const int Internal = 70;
    public const int TryAgain = 75;
    public const int Refused = 77;
    public const int NotEnrolled = 78;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Cancelled = 130;

    public const string Help =
        "Exit codes: 0 done, 2 wrong usage, 65 the report is malformed, truncated or unknown, 66 a file cannot be read, 69 the server is away, 70 a fault of the agent, 75 try again later, 77 the server refused, 78 not enrolled.";
}
