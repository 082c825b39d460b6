using Grpc.Core;

namespace Kalisecu.Cli;

/// <summary>What a run says to the program that called it; documented in <c>kalisecu --help</c>.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The server refused, or a step did not work; the message says why.</summary>
    public const int Refused = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    public const int NotFound = 3;

    /// <summary>The role may not, or one has to sign in again.</summary>
    public const int NotAllowed = 4;

    // sysexits.h: EX_UNAVAILABLE and EX_SOFTWARE.
    public const int Unavailable = 69;
    public const int Internal = 70;

    // What shells report for a program ended by ctrl-C: 128 and SIGINT's number.
    public const int Interrupted = 130;

    public static int Of(StatusCode status) =>
        status switch
        {
            StatusCode.OK => Ok,
            StatusCode.NotFound => NotFound,
            StatusCode.PermissionDenied or StatusCode.Unauthenticated => NotAllowed,
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => Unavailable,
            StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.Unimplemented => Internal,
            StatusCode.Cancelled => Interrupted,
            _ => Refused,
        };
}
