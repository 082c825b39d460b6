using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;
using Npgsql;

namespace Kalisecu.Persons;

/// <summary>
/// The rows about persons in one table, as stores collect, hide, count and delete them. What is collected is whatever the
/// table's classification does not keep secret: a new column is in the next export without anybody remembering it.
/// </summary>
/// <param name="Type">What a row is called in exports, such as <c>session</c>.</param>
/// <param name="Table">The table's name.</param>
/// <param name="PersonColumn">The column that names the person.</param>
[SuppressMessage("Security", "CA2100", Justification = "Names of tables and columns are constants of the stores")]
internal sealed record PersonRows(string Type, string Table, string PersonColumn)
{
    private PersonColumnReader[]? _columns;

    /// <summary>The column that seals are bound to; null for the person's own.</summary>
    public string? OwnerColumn { get; init; }

    /// <summary>The column that names whose key seals a row; null where it is that of the person's tenant.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>What orders the rows.</summary>
    public string TimeColumn { get; init; } = "create_time";

    /// <summary>What of the row is about the person; null for all that is not secret.</summary>
    public IReadOnlySet<string>? Columns { get; init; }

    /// <summary>Sealed columns, and what their seals are bound to.</summary>
    public IReadOnlyDictionary<string, string> Seals { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A condition beside the person: <c>$1</c> is the person, <c>$2</c> the tenant.</summary>
    public string Condition { get; init; } = "tenant_id = $2";

    private string Where => $"where {PersonColumn} = $1 and {Condition}";

    /// <summary>One record a row, oldest first. The connection is busy until the last one was taken.</summary>
    public async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        KeyRing keys,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var columns = _columns ??= PersonColumnReader.Of(db.Model, this);
        string[] sealing = KeyColumn is null ? [OwnerColumn ?? PersonColumn] : [OwnerColumn ?? PersonColumn, KeyColumn];
        var names = string.Join(", ", columns.Select(c => c.Name).Concat(sealing));
        await using var command = Command(db, $"select {names} from {Table} {Where} order by {TimeColumn}", person);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ofPerson = keys.For(person.TenantId);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = KeyColumn is null ? ofPerson : keys.For(reader.GetGuid(columns.Length + 1));
            var values = new PersonalValue[columns.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = columns[i].Read(reader, i, key, columns.Length);
            }

            yield return new PersonalRecord(Type, values);
        }
    }

    /// <summary>How many there are.</summary>
    public async Task<int> CountAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken)
    {
        await using var command = Command(db, $"select count(*)::int from {Table} {Where}", person);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The moment of the newest; null when there is none.</summary>
    public async Task<Instant?> NewestAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken)
    {
        await using var command = Command(db, $"select max({TimeColumn}) from {Table} {Where}", person);
        return await command.ExecuteScalarAsync(cancellationToken) as Instant?;
    }

    /// <summary>Hides them since a moment, or shows them again (null). Rows that are so already are left alone.</summary>
    public Task<int> RestrictAsync(
        KalisecuDb db,
        PersonRef person,
        Instant? since,
        CancellationToken cancellationToken
    ) =>
        since is { } moment
            ? RunAsync(
                db,
                $"update {Table} set restrict_time = $3 {Where} and restrict_time is null",
                person,
                cancellationToken,
                new NpgsqlParameter<Instant> { TypedValue = Moment.Stored(moment) }
            )
            : RunAsync(
                db,
                $"update {Table} set restrict_time = null {Where} and restrict_time is not null",
                person,
                cancellationToken
            );

    public Task<int> DeleteAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken) =>
        RunAsync(db, $"delete from {Table} {Where}", person, cancellationToken);

    /// <summary>A statement of a store's own; <c>$1</c> is the person, <c>$2</c> the tenant, further values follow.</summary>
    public static async Task<int> RunAsync(
        KalisecuDb db,
        string sql,
        PersonRef person,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] values
    )
    {
        await using var command = Command(db, sql, person);
        command.Parameters.AddRange(values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // The same two for every statement, so that PostgreSQL knows the type of one that a condition does not name.
    private static NpgsqlCommand Command(KalisecuDb db, string sql, PersonRef person)
    {
        var transaction =
            db.Database.CurrentTransaction?.GetDbTransaction()
            ?? throw new InvalidOperationException("Stores work inside their caller's transaction.");
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection())
        {
            Transaction = (NpgsqlTransaction)transaction,
        };
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = person.PersonId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = person.TenantId });
        return command;
    }
}
