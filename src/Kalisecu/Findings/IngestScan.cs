using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Microsoft.Extensions.Logging;
using Case = Kalisecu.Findings.V1.PushScanRequest.MessageOneofCase;

namespace Kalisecu.Findings;

/// <summary>One push from its first message to its last, in the order that the contract tells.</summary>
internal sealed class IngestScan(
    OpenPush openPush,
    ClosePush closePush,
    TenantDatabase database,
    PushGate gate,
    KeyRing keys,
    Revocations revocations,
    ILogger<IngestScan> log
)
{
    private static readonly TimeSpan KeepLeaseEvery = TimeSpan.FromMinutes(2);

    public async Task RunAsync(
        Caller caller,
        IAsyncStreamReader<PushMessage> messages,
        IServerStreamWriter<V1.PushScanResponse> responses,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = new PushAnswers();
#pragma warning disable CA2025 // It is awaited below, before `ending` goes.
        var answering = answers.SendAsync(responses, ending);
#pragma warning restore CA2025
        try
        {
            var inbox = new PushInbox(messages, ending.Token);
            await inbox.MoveAsync();
            var open =
                inbox.Kind == Case.Open
                    ? inbox.Request.Open
                    : throw PushErrors.OutOfOrder("open", inbox.Kind.ToString());
            var target = await openPush.RunAsync(caller, open, ending.Token);
            if (target.Renamed.Count > 0)
            {
                PushLog.Renamed(log, target.ScanId, open.CatalogueVersion, target.Renamed.Count);
                await answers.AddAsync(Opened(target), ending.Token);
                return;
            }

            await using var guard = new PushGuard(openPush, revocations, target, KeepLeaseEvery, ending);
            PushLog.Opened(log, target.ScanId, target.PushId, Plan(target), target.IsResumed);
            await answers.AddAsync(Opened(target), ending.Token);
            var counts = await TakeAsync(inbox, target, guard, answers, ending);
            PushLog.Closed(
                log,
                target.ScanId,
                counts.OccurrencesOpened,
                counts.OccurrencesClosed,
                counts.OccurrencesUnchanged
            );
            await answers.AddAsync(
                new V1.PushScanResponse { Closed = new V1.PushClosed { Counts = counts } },
                ending.Token
            );
        }
        finally
        {
            answers.Complete();
            await answering;
        }
    }

    private async Task<V1.PushCounts> TakeAsync(
        PushInbox inbox,
        PushTarget target,
        PushGuard guard,
        PushAnswers answers,
        CancellationTokenSource ending
    )
    {
        try
        {
            await inbox.MoveAsync();
            return target.IsUnchanged
                ? await TakeUnchangedAsync(inbox, target, ending.Token)
                : await TakeAllAsync(inbox, target, answers, ending);
        }
        catch (Exception exception) when (guard.IsRevoked && exception is not Refusal)
        {
            throw await openPush.WhyEndedAsync(target, CancellationToken.None);
        }
    }

    private async Task<V1.PushCounts> TakeUnchangedAsync(
        PushInbox inbox,
        PushTarget target,
        CancellationToken cancellationToken
    )
    {
        inbox.Demand(Case.Close);
        DemandCounts(target, inbox.Request.Close, target.Open.OccurrenceCount);
        return await closePush.UnchangedAsync(target, cancellationToken);
    }

    private async Task<V1.PushCounts> TakeAllAsync(
        PushInbox inbox,
        PushTarget target,
        PushAnswers answers,
        CancellationTokenSource ending
    )
    {
        using var digest = new PushDigest(target.Open.FindingCount);
        var findings = new PushFindings(database, target, digest);
        while (inbox.Kind == Case.Findings)
        {
            await findings.AddAsync(inbox.Request.Findings, ending.Token);
            await inbox.MoveAsync();
        }

        findings.Complete();
        digest.AddCount(target.Open.OccurrenceCount);
        await using var merge = target.NeedsIds ? new PushMerge(database, target, findings, digest) : null;
        var write = new WriteOccurrences(database, target, keys.For(target.TenantId));
        await using var lanes = new PushLanes(write, gate, answers, ending);
        var bodies = new PushBodies(target, findings, merge, digest, lanes);
        try
        {
            await TakeOccurrencesAsync(inbox, merge, bodies, answers, ending.Token);
            if (merge is not null)
            {
                await merge.CompleteAsync(ending.Token);
            }

            findings.RequireAllTakenToTheEnd();
            var seen = merge?.SeenCount ?? bodies.Count;
            digest.AddCount(target.Open.ObservationCount);
            var observations = new PushObservations(database, target, digest);
            while (inbox.Kind == Case.Observations)
            {
                await observations.AddAsync(inbox.Request.Observations, ending.Token);
                await inbox.MoveAsync();
            }

            var visited = await TakeCoverageAsync(inbox, digest);
            inbox.Demand(Case.Close);
            DemandCounts(target, inbox.Request.Close, seen);
            if (observations.Count != target.Open.ObservationCount)
            {
                throw PushErrors.CountMismatch("observation", target.Open.ObservationCount, observations.Count);
            }

            if (!digest.Finish().AsSpan().SequenceEqual(target.Open.ContentDigest.Span))
            {
                throw PushErrors.Invalid("open.content_digest", "must be the digest of what came");
            }

            await lanes.CompleteAsync();
            return await closePush.RunAsync(target, findings, merge, bodies.Tally, observations, visited, ending.Token);
        }
        catch
        {
            await ending.CancelAsync();
            // What went wrong in a lane is the reason; that the rest was cancelled is its effect.
            await lanes.EndAsync();
            throw;
        }
    }

    private static async Task TakeOccurrencesAsync(
        PushInbox inbox,
        PushMerge? merge,
        PushBodies bodies,
        PushAnswers answers,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            if (inbox.Kind == Case.Occurrences)
            {
                await bodies.AddAsync(inbox.Frame);
            }
            else if (inbox.Kind == Case.Ids && merge is not null)
            {
                var needed = await merge.AddAsync(inbox.Request.Ids, cancellationToken);
                await answers.AddAsync(new V1.PushScanResponse { IdsNeeded = needed }, cancellationToken);
            }
            else
            {
                return;
            }

            await inbox.MoveAsync();
        }
    }

    private static async Task<VisitedPlaces> TakeCoverageAsync(PushInbox inbox, PushDigest digest)
    {
        const int maximum = 10_000;
        inbox.Demand(Case.Coverage);
        var first = inbox.Request.Coverage;
        var visited = new VisitedPlaces { Complete = first.Complete, WholeSite = first.WholeSite };
        digest.AddCoverage(first.Complete, first.WholeSite);
        while (inbox.Kind == Case.Coverage)
        {
            var coverage = inbox.Request.Coverage;
            if (
                coverage.VisitedPlaces.Count > maximum
                || visited.Count + coverage.VisitedPlaces.Count > VisitedPlaces.Maximum
            )
            {
                throw PushErrors.BatchTooLarge("visited_places", maximum);
            }

            PushFindings.Demand(
                coverage.Complete == first.Complete
                    && coverage.WholeSite == first.WholeSite
                    && (!coverage.WholeSite || coverage.VisitedPlaces.Count == 0),
                "coverage",
                "must say the same in all messages, and name no places when the whole site was visited"
            );
            foreach (var place in coverage.VisitedPlaces)
            {
                PushFindings.Text(place, 1, OccurrenceTuples.MaximumPlace, "coverage.visited_places");
                digest.AddPlace(place);
                visited.Add(place);
            }

            if (visited.PrefixCount > VisitedPlaces.MaximumPrefixes)
            {
                throw PushErrors.BatchTooLarge("visited_places that end in *", VisitedPlaces.MaximumPrefixes);
            }

            await inbox.MoveAsync();
        }

        return visited;
    }

    private static void DemandCounts(PushTarget target, V1.PushClose close, ulong occurrences)
    {
        foreach (
            var (kind, announced, closing, came) in new[]
            {
                ("occurrence", target.Open.OccurrenceCount, close.OccurrenceCount, occurrences),
                ("finding", target.Open.FindingCount, close.FindingCount, target.Open.FindingCount),
                ("observation", target.Open.ObservationCount, close.ObservationCount, target.Open.ObservationCount),
            }
        )
        {
            if (closing != announced || came != announced)
            {
                throw PushErrors.CountMismatch(kind, announced, closing != announced ? closing : came);
            }
        }
    }

    private static V1.PushPlan Plan(PushTarget target) =>
        target switch
        {
            { Renamed.Count: > 0 } => V1.PushPlan.Rename,
            { IsUnchanged: true } => V1.PushPlan.Unchanged,
            { NeedsIds: true } => V1.PushPlan.Ids,
            _ => V1.PushPlan.All,
        };

    private static V1.RuleMapping Write(RenamedRule renamed) =>
        new()
        {
            Rule = renamed.Rule,
            FormerCheck = renamed.Former,
            Check = renamed.Check,
        };

    private static V1.PushScanResponse Opened(PushTarget target) =>
        new()
        {
            Opened = new V1.PushOpened
            {
                Plan = Plan(target),
                Resumed = target.IsResumed,
                CatalogueVersion = target.CatalogueVersion,
                Mappings = { target.Renamed.Select(Write) },
                LeaseExpireTime = Fields.Write(target.Time + OpenPush.LeaseFor),
            },
        };
}
