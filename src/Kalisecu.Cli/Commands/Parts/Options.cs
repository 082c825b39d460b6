using System.CommandLine;
using System.CommandLine.Parsing;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Cli.Commands.Parts;

/// <summary>Options and arguments that several commands share.</summary>
internal static class Options
{
    // Days of people are days in France.
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    /// <summary>How much of a list is wanted.</summary>
    public static Option<int> Limit { get; } = MakeLimit();

    /// <summary>Why something is done; it stays in the evidence.</summary>
    public static Option<string> Reason { get; } = Needed("--reason", "TEXT", "Why, for the evidence");

    public static Option<string?> Etag { get; } =
        Text("--etag", "ETAG", "Refuse when it has changed since it was read with this etag");

    public static Argument<string> Id(string name, string description) =>
        new(name.ToUpperInvariant()) { Description = description };

    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    public static Option<string> Needed(string name, string helpName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Required = true,
        };

    public static Option<string[]> Texts(string name, string helpName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => [],
        };

    /// <summary>A moment: a day in France, or an instant with its Z.</summary>
    public static Option<Timestamp?> Time(string name, string description) =>
        new(name)
        {
            Description = description + " (2027-01-31, or 2027-01-31T12:00:00Z)",
            HelpName = "TIME",
            CustomParser = result => Read(name, result),
        };

    private static Option<int> MakeLimit()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "Largest number of entries, 0 for all",
            HelpName = "N",
            DefaultValueFactory = _ => 100,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--limit takes 0 or more");
            }
        });
        return limit;
    }

    private static Timestamp? Read(string name, ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var day))
        {
            return Timestamp.FromDateTimeOffset(Zone.AtStartOfDay(day).ToDateTimeOffset());
        }

        if (InstantPattern.ExtendedIso.Parse(text).TryGetValue(default, out var instant))
        {
            return Timestamp.FromDateTimeOffset(instant.ToDateTimeOffset());
        }

        result.AddError($"{name} takes a day (2027-01-31) or an instant (2027-01-31T12:00:00Z)");
        return null;
    }
}
