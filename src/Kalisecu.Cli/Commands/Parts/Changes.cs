using Google.Protobuf.WellKnownTypes;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>What commands that change something have in common.</summary>
internal static class Changes
{
    /// <summary>Names this change, so that the transport may repeat it and nothing happens twice.</summary>
    public static string RequestId() => Ids.New(SystemClock.Instance.GetCurrentInstant()).ToString();

    /// <summary>The fields whose options were given.</summary>
    public static FieldMask Mask(
        this Invocation run,
        params IReadOnlyList<(System.CommandLine.Option Option, string Field)> fields
    )
    {
        var given = fields.Where(field => run.Has(field.Option)).Select(field => field.Field).ToList();
        return given.Count > 0
            ? new FieldMask { Paths = { given } }
            : throw new StepFailed(
                "nothing to change was given",
                $"give at least one of {string.Join(", ", fields.Select(field => field.Option.Name))}",
                ExitCodes.Usage
            );
    }
}
