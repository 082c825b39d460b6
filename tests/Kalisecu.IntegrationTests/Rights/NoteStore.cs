using System.Runtime.CompilerServices;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>
/// A store of personal data in a table of its own, for tests: notes that go, and (where it is told so) invoices that a law
/// demands to keep. It fails as often as a test asks it to.
/// </summary>
internal sealed class NoteStore(string name, StoreOrder order = StoreOrder.Any) : IPersonStore
{
    private int _failures;

    public string Name { get; } = name;

    public IReadOnlyList<string> Tables => [Name];

    public StoreOrder Order { get; } = order;

    /// <summary>Runs in the transaction of an erasure, after the rows are gone.</summary>
    public Func<Task> AfterErasing { get; set; } = () => Task.CompletedTask;

    public void FailNext(int times) => _failures = times;

    /// <summary>The table, as a migration would make it.</summary>
    public string Ddl =>
        $"""
            create table {Name} (
                tenant_id uuid not null,
                person_id uuid not null,
                number integer not null,
                email text,
                text text,
                keep_until date,
                restrict_time timestamptz,
                constraint pk_{Name} primary key (tenant_id, person_id, number)
            );
            alter table {Name} enable row level security;
            alter table {Name} force row level security;
            create policy tenant_isolation on {Name} using (tenant_id = (select kalisecu_tenant()));
            create policy restriction on {Name} as restrictive
                using (restrict_time is null or (select kalisecu_sees_restricted()));
            grant select, insert, update on {Name} to kalisecu_server;
            grant select, update, delete on {Name} to kalisecu_retention;
            """;

    public async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = Command(
            db,
            person,
            $"select number, email, text from {Name} where tenant_id = $1 and person_id = $2 order by number"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new PersonalRecord(
                "note",
                [
                    new PersonalValue("number", reader.GetInt32(0), Provided: false),
                    new PersonalValue("email", reader.GetValue(1) as string, Provided: true),
                    new PersonalValue("text", reader.GetValue(2) as string, Provided: true),
                ]
            );
        }
    }

    public async Task<int> RectifyAsync(
        KalisecuDb db,
        PersonRef person,
        IReadOnlyDictionary<PersonField, string> values,
        CancellationToken cancellationToken
    )
    {
        if (!values.TryGetValue(PersonField.Email, out var email))
        {
            return 0;
        }

        await using var command = Command(
            db,
            person,
            $"update {Name} set email = $3 where tenant_id = $1 and person_id = $2 and email is distinct from $3"
        );
        command.Parameters.AddWithValue(email);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(
            db,
            person,
            $"update {Name} set restrict_time = $3 where tenant_id = $1 and person_id = $2"
        );
        command.Parameters.Add(
            new NpgsqlParameter
            {
                Value = since is { } moment ? moment : DBNull.Value,
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
            }
        );
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<ErasurePlan> PlanErasureAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(
            db,
            person,
            $"select count(*)::int from {Name} where tenant_id = $1 and person_id = $2 and keep_until is null"
        );
        var erased = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        return new ErasurePlan(Name, erased, await KeptAsync(db, person, cancellationToken));
    }

    public async Task<ErasureReceipt> EraseAsync(
        KalisecuDb db,
        PersonRef person,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(
            db,
            person,
            $"delete from {Name} where tenant_id = $1 and person_id = $2 and keep_until is null"
        );
        var erased = await command.ExecuteNonQueryAsync(cancellationToken);
        await AfterErasing();
        return Interlocked.Decrement(ref _failures) >= 0
            ? throw new InvalidOperationException("This store fails, as the test asked.")
            : new ErasureReceipt(Name, erased, await KeptAsync(db, person, cancellationToken));
    }

    private async Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(
            db,
            person,
            $"select count(*)::int, max(keep_until) from {Name} where tenant_id = $1 and person_id = $2 and keep_until is not null"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt32(0) is > 0 and var count
            ? [new KeptRows(count, "17(3)(b)", await reader.GetFieldValueAsync<LocalDate>(1, cancellationToken))]
            : [];
    }

    private static NpgsqlCommand Command(KalisecuDb db, PersonRef person, string sql) =>
        new(sql, (NpgsqlConnection)db.Database.GetDbConnection())
        {
            Parameters =
            {
                new NpgsqlParameter { Value = person.TenantId },
                new NpgsqlParameter { Value = person.PersonId },
            },
        };
}
