using System.Diagnostics.CodeAnalysis;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Kalisecu.Retention;

/// <summary>Forgets persons whose time is over, each in a transaction of its own, by the stores that erasures ask too.</summary>
internal sealed class SweepPersons(
    RestrictedRows rows,
    PersonStores stores,
    SweepSchema schema,
    IClock clock,
    ILogger<SweepPersons> log
)
{
    private const int BatchSize = 500;

    /// <summary>Forgets whoever one rule ends.</summary>
    /// <returns>How many persons were forgotten, and how many could not be.</returns>
    public async Task<(int Forgotten, int Failed)> RunAsync(
        Guid sweepId,
        KeepingRule rule,
        Action<long> report,
        CancellationToken cancellationToken
    )
    {
        var before = rule.Period.EndedBefore(clock.GetCurrentInstant());
        var canBeRestricted = await schema.CanBeRestrictedAsync(rule.Table, cancellationToken);
        var certificate = new SweepCertificate(sweepId, rule, TenantScope.Platform, before);
        var (forgotten, failed) = (0, 0);
        // What fails comes first again: a whole batch of it ends the sweep.
        while (true)
        {
            var due = await FindAsync(rule, canBeRestricted, before, cancellationToken);
            var done = 0;
            foreach (var person in due)
            {
                try
                {
                    done += await ForgetAsync(certificate, canBeRestricted, person, cancellationToken) ? 1 : 0;
                }
#pragma warning disable CA1031 // One person who cannot be forgotten must not keep the others.
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    RetentionLog.PersonFailed(log, exception, rule.Name, person.PersonId);
                    failed++;
                }

                report(forgotten + done);
            }

            forgotten += done;
            if (due.Count < BatchSize || done == 0)
            {
                return (forgotten, failed);
            }

            failed = 0;
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "Made of constants of the rules; values are parameters")]
    private async Task<List<PersonRef>> FindAsync(
        KeepingRule rule,
        bool canBeRestricted,
        Instant before,
        CancellationToken cancellationToken
    )
    {
        await using var all = await rows.OpenInAllTenantsAsync(cancellationToken);
        await using var command = all.Command(SweepSql.Persons(rule, canBeRestricted));
        command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        var found = new List<PersonRef>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetGuid(0), reader.GetGuid(1), Enum.Parse<PersonKind>(reader.GetString(2))));
        }

        return found;
    }

    /// <summary>False when it is no longer due, or another process does it.</summary>
    private Task<bool> ForgetAsync(
        SweepCertificate certificate,
        bool canBeRestricted,
        PersonRef person,
        CancellationToken cancellationToken
    ) =>
        rows.InTenantAsync(
            person.TenantId,
            async db =>
            {
                var now = Moment.Stored(clock.GetCurrentInstant());
                await using var hold = SweepCommands.Of(db, SweepSql.Person(certificate.Rule, canBeRestricted));
                hold.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = certificate.EndedBefore });
                hold.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = person.PersonId });
                if (await hold.ExecuteScalarAsync(cancellationToken) is 0L)
                {
                    return false;
                }

                var erased = 0L;
                foreach (var store in stores.All)
                {
                    var receipt = await store.EraseAsync(db, person, now, cancellationToken);
                    erased += receipt.Erased;
                    if (receipt.Kept.Count > 0)
                    {
                        await store.RestrictAsync(db, person, now, cancellationToken);
                    }
                }

                await using var certify = SweepCommands.Of(db, SweepSql.Certify);
                var digest = SweepCommands.DigestOf(person.PersonId);
                await certificate.MoveAsync(certify, erased, 0, digest, now, cancellationToken);
                return true;
            },
            cancellationToken
        );
}
