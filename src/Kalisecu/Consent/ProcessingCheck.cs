using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Consent;

/// <summary>Answers, before somebody acts, whether they may: workers in process, frontends through CheckProcessing.</summary>
internal sealed class ProcessingCheck(TenantReads reads, PurposeBases bases, IClock clock)
{
    /// <summary>Whether it is allowed now, and why.</summary>
    /// <param name="tenantId">The person's tenant; the platform for prospects, contacts and staff.</param>
    /// <param name="personId">Whose data it is; refused when nobody knows the person there.</param>
    /// <param name="purpose">The name of a purpose, such as <c>direct_marketing</c>.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<ProcessingAnswer> CheckAsync(
        Guid tenantId,
        Guid personId,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var basis = await bases.OfAsync(purpose, cancellationToken);
        var known =
            await reads.SingleAsync(
                // Whoever is restricted must be answered too: the answer is no.
                RestrictedRows.ForSharedReads(tenantId),
                ConsentSql.Check,
                [Parameter(tenantId), Parameter(personId), new NpgsqlParameter<string> { TypedValue = purpose }],
                Read,
                cancellationToken
            ) ?? throw ConsentErrors.PersonAbsent(personId);
        return ProcessingAnswer.Of(basis, known, clock.GetCurrentInstant());
    }

    public async Task<bool> IsAllowedAsync(
        Guid tenantId,
        Guid personId,
        string purpose,
        CancellationToken cancellationToken
    ) => (await CheckAsync(tenantId, personId, purpose, cancellationToken)).IsAllowed;

    private static KnownOfPerson Read(NpgsqlDataReader reader) =>
        new(
            reader.GetBoolean(0),
            Value<Instant>(reader, 1),
            reader.IsDBNull(2) ? null : Enum.Parse<ConsentEventKind>(reader.GetString(2)),
            Value<int>(reader, 3),
            Value<Instant>(reader, 4),
            Value<Instant>(reader, 5)
        );

    private static T? Value<T>(NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static NpgsqlParameter<Guid> Parameter(Guid value) => new() { TypedValue = value };
}
