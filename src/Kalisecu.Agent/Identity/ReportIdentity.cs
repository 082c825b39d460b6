using Kalisecu.Agent.Reading;

namespace Kalisecu.Agent.Identity;

/// <summary>Whether an occurrence shows a weakness or states a fact.</summary>
internal enum SubjectKind
{
    Finding = 1,
    Observation = 2,
}

internal abstract record IdentifiedRecord;

internal sealed record IdentifiedObservation(Guid ObservationId, string Place, ReportedObservation Observation)
    : IdentifiedRecord;

/// <summary>One raw instance of the report.</summary>
/// <param name="Place">with <c> #2</c>, <c> #3</c> … when the same place came before in this report</param>
/// <param name="Resource">what must be visited for it to close</param>
internal sealed record IdentifiedOccurrence(
    Guid OccurrenceId,
    SubjectKind Of,
    Guid SubjectId,
    string SubjectKey,
    string Place,
    string Resource
) : IdentifiedRecord
{
    public string Detail { get; init; } = string.Empty;

    public ReadOnlyMemory<byte> Exchange { get; init; }

    public bool Suppressed { get; init; }
}

/// <summary>
/// Gives what a report says its ids on a site. An observation is one fact seen once, so each raw instance that states one
/// yields the observation and its single occurrence. Findings come from <see cref="ReportSurvey"/>, complete.
/// </summary>
internal sealed class ReportIdentity(Guid siteId)
{
    public Guid FindingId(ReportedFinding finding) => ContentIds.Finding(siteId, finding.Check);

    public IEnumerable<IdentifiedRecord> Identify(IEnumerable<ReportRecord> records)
    {
        var repeats = new RepeatCounter();
        var findingIds = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            switch (record)
            {
                case ReportedOccurrence occurrence:
                    yield return Identify(occurrence, FindingId(occurrence.Check, findingIds), repeats);
                    break;
                case ReportedObservation observation:
                    var identified = Identify(observation, repeats);
                    yield return identified;
                    yield return OccurrenceOf(identified);
                    break;
                default:
                    break;
            }
        }
    }

    private static IdentifiedOccurrence Identify(ReportedOccurrence occurrence, Guid findingId, RepeatCounter repeats)
    {
        var place = occurrence.Place.Text;
        var id = ContentIds.Occurrence(findingId, place);
        var count = repeats.Count(id);
        if (count > 1)
        {
            place = $"{place} #{count}";
            id = ContentIds.Occurrence(findingId, place);
        }

        return new IdentifiedOccurrence(
            id,
            SubjectKind.Finding,
            findingId,
            occurrence.Check,
            place,
            occurrence.Place.Resource
        )
        {
            Detail = occurrence.Detail,
            Exchange = occurrence.Exchange,
            Suppressed = occurrence.Suppressed,
        };
    }

    private IdentifiedObservation Identify(ReportedObservation observation, RepeatCounter repeats)
    {
        var place = observation.Place.Text;
        var id = ContentIds.Observation(siteId, observation.Kind, place);
        var count = repeats.Count(id);
        if (count > 1)
        {
            place = $"{place} #{count}";
            id = ContentIds.Observation(siteId, observation.Kind, place);
        }

        return new IdentifiedObservation(id, place, observation);
    }

    private static IdentifiedOccurrence OccurrenceOf(IdentifiedObservation identified) =>
        new(
            ContentIds.Occurrence(identified.ObservationId, identified.Place),
            SubjectKind.Observation,
            identified.ObservationId,
            identified.Observation.Kind,
            identified.Place,
            identified.Observation.Place.Resource
        )
        {
            Detail = identified.Observation.Value,
            Exchange = identified.Observation.Exchange,
        };

    private Guid FindingId(string check, Dictionary<string, Guid> known)
    {
        if (!known.TryGetValue(check, out var id))
        {
            known[check] = id = ContentIds.Finding(siteId, check);
        }

        return id;
    }
}
