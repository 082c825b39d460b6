using System.Collections.Concurrent;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Npgsql;

namespace Kalisecu.Consent;

/// <summary>What each purpose rests on, kept in memory: it never changes, and purposes are few.</summary>
internal sealed class PurposeBases(TenantReads reads)
{
    private readonly ConcurrentDictionary<string, LegalBasis> _known = new(StringComparer.Ordinal);

    public ValueTask<LegalBasis> OfAsync(string purpose, CancellationToken cancellationToken) =>
        _known.TryGetValue(purpose, out var basis)
            ? ValueTask.FromResult(basis)
            : new ValueTask<LegalBasis>(LoadAsync(purpose, cancellationToken));

    private async Task<LegalBasis> LoadAsync(string purpose, CancellationToken cancellationToken)
    {
        var found =
            await reads.SingleAsync(
                TenantScope.Platform,
                ConsentSql.Basis,
                [new NpgsqlParameter<string> { TypedValue = purpose }],
                static reader => reader.GetString(0),
                cancellationToken
            ) ?? throw PurposeErrors.Unknown(purpose);
        // A name that is not there is not remembered: it may be defined in the next moment.
        return _known.GetOrAdd(purpose, Enum.Parse<LegalBasis>(found));
    }
}
