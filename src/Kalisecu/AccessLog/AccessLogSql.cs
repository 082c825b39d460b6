using NodaTime;
using Npgsql;

namespace Kalisecu.AccessLog;

/// <summary>Statements of the writer, on the path of every logged call: two in one trip, whatever the number of entries.</summary>
internal static class AccessLogSql
{
    public const string EnsurePartition = "select kalisecu_ensure_access_partition($1)";

    /// <summary>One verification at a time over all processes; released with the transaction.</summary>
    public const string TryLockVerification = "select pg_try_advisory_xact_lock($1)";

    /// <summary>The months that are kept, oldest first: tables have no entity.</summary>
    public const string Partitions = """
        select inhrelid::regclass::text from pg_inherits where inhparent = 'access_entries'::regclass order by 1
        """;

    /// <summary>
    /// Months whose first day is eleven months past, with the number of their entries and a digest of the ends of their chains;
    /// a month nobody wrote in has none.
    /// </summary>
    public const string ExpiredMonths = """
        select m.month, coalesce(sum(r.last_sequence - r.first_sequence + 1), 0)::bigint,
            sha256(convert_to(coalesce(string_agg(encode(r.last_hash, 'hex'), e'\n' order by r.writer_id), ''), 'UTF8'))
        from (
            select to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') as month
            from pg_inherits where inhparent = 'access_entries'::regclass
        ) m left join access_log_roots r on r.month = m.month
        where (m.month + interval '11 months') at time zone 'UTC' <= $1
        group by m.month order by m.month
        """;

    public const string DropMonth = "select kalisecu_drop_access_partition($1, $2)";

    /// <summary>The mapper would send a row a statement; a batch of up to 1,024 is one.</summary>
    private const string Insert = """
        insert into access_entries (writer_id, entry_time, sequence, tenant_id, access_time, duration_micros, caller_kind,
            caller_name, person_id, role, session_id, method, objects, outcome, reason, previous_hash, hash)
        select $1, $2, e.* from unnest($3::bigint[], $4::uuid[], $5::timestamptz[], $6::bigint[], $7::text[], $8::text[],
            $9::uuid[], $10::text[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bytea[],
            $17::bytea[]) as e
        """;

    /// <summary>The root moves with the entries, in their transaction.</summary>
    private const string MoveRoot = """
        insert into access_log_roots (writer_id, month, first_sequence, previous_hash, last_sequence, last_hash)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (writer_id, month) do update
        set last_sequence = excluded.last_sequence, last_hash = excluded.last_hash
        """;

    /// <summary>Both statements in one implicit transaction.</summary>
    public static NpgsqlBatch Append(NpgsqlConnection connection, AccessBatch batch)
    {
        var insert = new NpgsqlBatchCommand(Insert);
        Add(insert, batch.WriterId);
        Add(insert, batch.EntryTime);
        Add(insert, batch.Sequences);
        Add(insert, batch.TenantIds);
        Add(insert, batch.AccessTimes);
        Add(insert, batch.Durations);
        Add(insert, batch.CallerKinds);
        Add(insert, batch.CallerNames);
        Add(insert, batch.PersonIds);
        Add(insert, batch.Roles);
        Add(insert, batch.SessionIds);
        Add(insert, batch.Methods);
        Add(insert, batch.Objects);
        Add(insert, batch.Outcomes);
        Add(insert, batch.Reasons);
        Add(insert, batch.PreviousHashes);
        Add(insert, batch.Hashes);

        var move = new NpgsqlBatchCommand(MoveRoot);
        Add(move, batch.WriterId);
        Add(move, batch.Month);
        Add(move, batch.FirstSequence);
        Add(move, batch.PreviousHash);
        Add(move, batch.LastSequence);
        Add(move, batch.LastHash);
        return new NpgsqlBatch(connection) { BatchCommands = { insert, move } };
    }

    private static void Add<T>(NpgsqlBatchCommand command, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
