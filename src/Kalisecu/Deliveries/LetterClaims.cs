using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Kalisecu.Deliveries;

/// <summary>
/// Claims letters and records what came of them. It works across tenants and sees restricted persons, because it has to know
/// whom not to write to.
/// </summary>
internal sealed class LetterClaims(RestrictedRows restricted, DeliveryOptions options, IClock clock)
{
    public async Task<List<ClaimedLetter>> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = Moment.Stored(clock.GetCurrentInstant());
        await using var all = await restricted.OpenInAllTenantsAsync(cancellationToken);
        await using var command = all.Command(DeliverySql.Claim);
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        command.Parameters.Add(new NpgsqlParameter { Value = now + Duration.FromSeconds(options.ClaimSeconds) });
        command.Parameters.Add(new NpgsqlParameter { Value = options.LettersAtOnce });
        var letters = new List<ClaimedLetter>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                letters.Add(await ReadAsync(reader, now, cancellationToken));
            }
        }

        await all.CommitAsync(cancellationToken);
        return letters;
    }

    public async Task RecordAsync(IReadOnlyList<LetterOutcome> outcomes, CancellationToken cancellationToken)
    {
        await using var all = await restricted.OpenInAllTenantsAsync(cancellationToken);
        await using var command = all.Command(DeliverySql.Record);
        Add(command, NpgsqlDbType.Uuid, outcomes.Select(o => o.Letter.TenantId).ToArray());
        Add(command, NpgsqlDbType.Uuid, outcomes.Select(o => o.Letter.LetterId).ToArray());
        Add(command, NpgsqlDbType.Text, outcomes.Select(o => o.State.ToString()).ToArray());
        Add(command, NpgsqlDbType.Text, outcomes.Select(o => o.Reason).ToArray());
        Add(command, NpgsqlDbType.TimestampTz, outcomes.Select(o => Moment.Stored(o.Time)).ToArray());
        Add(command, NpgsqlDbType.Integer, outcomes.Select(o => o.GivenBack ? 1 : 0).ToArray());
        Add(command, NpgsqlDbType.TimestampTz, outcomes.Select(o => o.Letter.Claim.Time).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
        await all.CommitAsync(cancellationToken);
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });

    /// <summary>A letter whose secret was dropped already still has the moment at which that was.</summary>
    private static async Task<SealedSecret?> ReadSecretAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    ) =>
        await reader.IsDBNullAsync(14, cancellationToken)
            ? null
            : new SealedSecret(
                await reader.IsDBNullAsync(13, cancellationToken)
                    ? null
                    : await reader.GetFieldValueAsync<byte[]>(13, cancellationToken),
                await reader.GetFieldValueAsync<Instant>(14, cancellationToken)
            );

    private static async Task<ClaimedLetter> ReadAsync(
        NpgsqlDataReader reader,
        Instant claimTime,
        CancellationToken cancellationToken
    ) =>
        new(
            reader.GetGuid(0),
            reader.GetGuid(1),
            Enum.Parse<LetterNature>(reader.GetString(2)),
            await reader.IsDBNullAsync(4, cancellationToken)
                ? null
                : new LetterPerson(reader.GetGuid(3), reader.GetGuid(4)),
            new SealedText(
                await reader.GetFieldValueAsync<byte[]>(5, cancellationToken),
                await reader.GetFieldValueAsync<byte[]>(6, cancellationToken),
                await reader.GetFieldValueAsync<byte[]>(7, cancellationToken),
                await reader.IsDBNullAsync(8, cancellationToken)
                    ? null
                    : await reader.GetFieldValueAsync<byte[]>(8, cancellationToken),
                await ReadSecretAsync(reader, cancellationToken)
            ),
            Enum.Parse<Language>(reader.GetString(9)),
            new LetterClaim(claimTime, reader.GetInt32(10)),
            reader.GetBoolean(11),
            reader.GetBoolean(12)
        );
}
