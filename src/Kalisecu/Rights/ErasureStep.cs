using System.Text.Json;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Rights;

/// <summary>One store's part of an erasure: what it said it would do, and its receipt.</summary>
internal sealed class ErasureStep
{
    private ErasureStep() { }

    public Guid TenantId { get; private init; }

    public Guid ErasureId { get; private init; }

    public string Store { get; private init; } = "";

    /// <summary>The order in which stores are asked.</summary>
    public int Position { get; private init; }

    public int PlannedCount { get; private init; }

    public string PlannedKept { get; private init; } = "[]";

    public int? ErasedCount { get; private set; }

    public string? Kept { get; private set; }

    /// <summary>When the store acknowledged.</summary>
    public Instant? CompleteTime { get; private set; }

    public static ErasureStep Of(Erasure erasure, int position, ErasurePlan plan) =>
        new()
        {
            TenantId = erasure.TenantId,
            ErasureId = erasure.ErasureId,
            Store = plan.Store,
            Position = position,
            PlannedCount = plan.Erased,
            PlannedKept = KeptJson.Write(plan.Kept),
        };

    public void Acknowledge(ErasureReceipt receipt, Instant now)
    {
        if (CompleteTime is not null)
        {
            throw new InvalidOperationException($"The store {Store} has acknowledged already.");
        }

        ErasedCount = receipt.Erased;
        Kept = KeptJson.Write(receipt.Kept);
        CompleteTime = Moment.Stored(now);
    }
}

/// <summary>Kept rows as the column holds them: an array of count, exception and day.</summary>
internal static class KeptJson
{
    public static string Write(IReadOnlyList<KeptRows> kept) =>
        JsonSerializer.Serialize(
            kept.Select(k => new Row(
                k.Count,
                k.Exception,
                k.Until is { } until ? LocalDatePattern.Iso.Format(until) : null
            ))
        );

    public static IReadOnlyList<KeptRows> Read(string? json) =>
        json is null
            ? []
            :
            [
                .. (JsonSerializer.Deserialize<List<Row>>(json) ?? []).Select(r => new KeptRows(
                    r.Count,
                    r.Exception,
                    r.Until is { } until ? LocalDatePattern.Iso.Parse(until).Value : null
                )),
            ];

    private sealed record Row(int Count, string Exception, string? Until);
}
