using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Kalisecu.Agent.Identity;
using Kalisecu.Findings.V1;
using NodaTime;

namespace Kalisecu.Agent.Spool;

/// <summary>
/// Makes a spooled scan anew under the names of the server's catalogue. A check is part of what identifies a finding, so ids,
/// order, counts and digest change with it; the scan stays the same one.
/// </summary>
internal sealed partial class RenameRules
{
    private readonly SpoolEntry _entry;
    private readonly IndexedOccurrence[] _rows;
    private readonly Guid _site;
    private readonly RepeatCounter _repeats = new();

    // By the id that they have so far: those whose places are counted anew, because they go by another check or others join them.
    private readonly Dictionary<UInt128, FindingBody> _moved = [];

    private RenameRules(SpoolEntry entry)
    {
        _entry = entry;
        _rows = entry.ReadIds();
        _site = Guid.Parse(entry.Open.SiteId);
    }

    /// <summary>Replaces the scan in the spool.</summary>
    public static SpoolEntry Run(SpoolFolder spool, SpoolEntry entry, PushOpened opened)
    {
        var open = entry.Open;
        var facts = new ScanFacts(
            Guid.Parse(open.ScanId),
            Guid.Parse(open.SiteId),
            open.Tool,
            open.ToolVersion,
            opened.CatalogueVersion,
            Instant.FromDateTimeOffset(open.StartTime.ToDateTimeOffset()),
            Instant.FromDateTimeOffset(open.EndTime.ToDateTimeOffset())
        );
        using var writer = new SpoolWriter(spool, facts);
        return new RenameRules(entry).Write(writer, opened.Mappings);
    }

    /// <summary>The check of a finding in the server's catalogue.</summary>
    internal static string CheckOf(FindingBody finding, string tool, IEnumerable<RuleMapping> mappings)
    {
        var mapping = mappings
            .Where(m => Covers(m.Rule, finding.Rule))
            .OrderByDescending(m => m.Rule.Length)
            .FirstOrDefault(m =>
                string.Equals(
                    finding.Check,
                    m.FormerCheck.Length > 0 ? m.FormerCheck : $"{tool}:{finding.Rule}",
                    StringComparison.Ordinal
                )
            );
        return mapping switch
        {
            null => finding.Check,
            { Check.Length: > 0 } => mapping.Check,
            _ => $"{tool}:{finding.Rule}",
        };
    }

    private static bool Covers(string broader, string rule) =>
        rule.StartsWith(broader, StringComparison.Ordinal)
        && (rule.Length == broader.Length || rule[broader.Length] is '-' or ':');

    private SpoolEntry Write(SpoolWriter writer, IReadOnlyCollection<RuleMapping> mappings)
    {
        var named = _entry
            .Findings.SelectMany(m => m.Findings.Findings)
            .GroupBy(f => CheckOf(f, _entry.Open.Tool, mappings), StringComparer.Ordinal);
        foreach (var same in named)
        {
            // As a report's reader does it: the highest severity that was seen speaks for all.
            var finding = same.MaxBy(f => f.Severity)!.Clone();
            finding.Check = same.Key;
            finding.OccurrenceCount = 0;
            writer.AddFinding(finding);
            foreach (
                var body in same.Where(f =>
                    !string.Equals(f.Check, same.Key, StringComparison.Ordinal) || same.Count() > 1
                )
            )
            {
                _moved[BinaryPrimitives.ReadUInt128BigEndian(body.FindingId.Span)] = finding;
            }
        }

        WriteOccurrences(writer);
        foreach (var observation in _entry.Observations.SelectMany(m => m.Observations.Observations))
        {
            writer.AddObservation(observation);
        }

        var coverage = _entry.Coverage.Select(m => m.Coverage).ToList();
        return writer.Commit(coverage[0].Complete, coverage[0].WholeSite, coverage.SelectMany(c => c.VisitedPlaces));
    }

    private void WriteOccurrences(SpoolWriter writer)
    {
        using var bodies = _entry.OpenBodies();
        foreach (var row in _rows)
        {
            var bytes = new byte[row.Length];
            RandomAccess.Read(bodies.SafeFileHandle, bytes, row.Offset);
            var body = OccurrenceBatch.Parser.ParseFrom(bytes).Occurrences[0];
            var (finding, place) = _moved.TryGetValue(row.Finding, out var moved)
                ? Move(row, body.Place, new Guid(moved.FindingId.Span, bigEndian: true))
                : (new Guid(body.FindingId.Span, bigEndian: true), body.Place);
            writer.AddOccurrence(finding, ContentIds.Occurrence(finding, place), place, body.Exchange.Memory);
        }
    }

    /// <summary>Under its new finding a place is counted anew: another rule may have shown at it too.</summary>
    private (Guid Finding, string Place) Move(IndexedOccurrence row, string place, Guid finding)
    {
        var once = Repeat().Replace(place, "");
        if (once.Length != place.Length && !IsThere(row.Finding, once))
        {
            // It ends so by itself.
            once = place;
        }

        var count = _repeats.Count(ContentIds.Occurrence(finding, once));
        return (finding, count > 1 ? $"{once} #{count}" : once);
    }

    private bool IsThere(UInt128 finding, string place)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, finding);
        ContentIds.Occurrence(new Guid(id, bigEndian: true), place).TryWriteBytes(id, bigEndian: true, out _);
        var key = new IndexedOccurrence(finding, BinaryPrimitives.ReadUInt128BigEndian(id), 0, 0);
        return Array.BinarySearch(_rows, key) >= 0;
    }

    [GeneratedRegex(" #[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Repeat();
}
