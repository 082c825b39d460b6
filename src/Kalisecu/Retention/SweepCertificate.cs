using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>The certificate of one sweep and rule, as each batch moves it within its own transaction.</summary>
internal sealed record SweepCertificate(Guid SweepId, KeepingRule Rule, Guid OfTenantId, Instant EndedBefore)
{
    /// <summary>Adds a batch to it.</summary>
    /// <param name="digest">SHA-256 over the identifiers of the batch, sorted: their bytes, or whole keys one a line.</param>
    public async Task MoveAsync(
        TenantConnection connection,
        long rows,
        long objects,
        byte[] digest,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(SweepSql.Certify);
        await MoveAsync(command, rows, objects, digest, now, cancellationToken);
    }

    public async Task MoveAsync(
        NpgsqlCommand command,
        long rows,
        long objects,
        byte[] digest,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        Add(command, SweepId);
        Add(command, Rule.Name);
        Add(command, OfTenantId);
        Add(command, Rule.Version);
        Add(command, Rule.Period.Version);
        Add(command, Rule.Clause);
        Add(command, EndedBefore);
        Add(command, rows);
        Add(command, objects);
        Add(command, digest);
        Add(command, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add<T>(NpgsqlCommand command, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
