using System.Globalization;
using NodaTime;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>The rows that sweeps end, and the yardstick: the same batches as plain deletes of a superuser.</summary>
internal sealed class RetentionDatabase(string superuser, Instant now) : IAsyncDisposable
{
    // As psql would run it again and again: as many rows, in the same order, each a transaction of its own. It starts where
    // the batch before ended, as the sweep does: over what is dead already it would only lose time.
    private const string Batch = """
        with gone as (
            delete from request_receipts where ctid = any (array(
                select ctid from request_receipts where create_time >= $1 and create_time < $2 order by create_time limit 20000))
            returning create_time)
        select count(*), max(create_time) from gone
        """;

    // SC_CLK_TCK, which Linux fixes for what it tells programs.
    private const double TicksOfSecond = 100;

    private readonly NpgsqlDataSource _source = Open(superuser);

    public async ValueTask DisposeAsync() => await _source.DisposeAsync();

    /// <summary>Rows that nothing ends yet.</summary>
    public Task FillYoungAsync(int rows, CancellationToken cancellationToken) =>
        FillAsync(rows, now, cancellationToken);

    /// <summary>Rows whose day is over, and nothing left to tidy up or to write while they go.</summary>
    public async Task FillDueAsync(int rows, CancellationToken cancellationToken)
    {
        await FillAsync(rows, now - Duration.FromDays(10), cancellationToken);
        await RunAsync("vacuum analyze request_receipts", cancellationToken);
        await RunAsync("checkpoint", cancellationToken);
    }

    public async Task<long> DeletePlainlyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (total, from) = (0L, Instant.MinValue);
        while (true)
        {
            await using var command = new NpgsqlCommand(Batch, connection);
            command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = from });
            command.Parameters.Add(new NpgsqlParameter<Instant> { TypedValue = now - Duration.FromDays(5) });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var deleted = reader.GetInt64(0);
            if (deleted == 0)
            {
                return total;
            }

            total += deleted;
            from = await reader.GetFieldValueAsync<Instant>(1, cancellationToken);
        }
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        await _source.OpenConnectionAsync(cancellationToken);

    /// <summary>The CPU time of the process behind a connection so far, in seconds.</summary>
    public static double CpuSeconds(int processId)
    {
        // proc(5): after the name in brackets, utime and stime are the 12th and 13th.
        var fields = File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1].Split(' ');
        return fields[11..13].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksOfSecond;
    }

    /// <summary>A month of the access log.</summary>
    public async Task FillMonthAsync(LocalDate month, int rows, CancellationToken cancellationToken)
    {
        await using (var ensure = _source.CreateCommand("select kalisecu_ensure_access_partition($1)"))
        {
            ensure.Parameters.AddWithValue(month);
            await ensure.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = _source.CreateCommand(
            """
            with root as (insert into access_log_roots (writer_id, month, first_sequence, previous_hash, last_sequence, last_hash)
                values ($3, date_trunc('month', $2::date), 1, sha256(''), $1, sha256('')))
            insert into access_entries (tenant_id, entry_time, writer_id, sequence, access_time, duration_micros, caller_kind,
                caller_name, method, objects, outcome, reason, previous_hash, hash)
            select gen_random_uuid(), $2::date + n * interval '1 microsecond', $3, n, $2::date, 1, 'Frontend', 'dashboard', 'M', '',
                'Allowed', '', sha256(''), sha256('') from generate_series(1, $1) n
            """
        );
        command.Parameters.AddWithValue(rows);
        command.Parameters.AddWithValue(month);
        command.Parameters.AddWithValue(Guid.CreateVersion7());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task FillAsync(int rows, Instant time, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            """
            insert into request_receipts (tenant_id, request_id, request_digest, create_time)
            select gen_random_uuid(), gen_random_uuid(), sha256(n::text::bytea), $2::timestamptz + n * interval '1 microsecond'
            from generate_series(1, $1) n
            """
        );
        command.Parameters.AddWithValue(rows);
        command.Parameters.AddWithValue(time);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Two constants of this class.
        await using var command = _source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlDataSource Open(string connection)
    {
        var builder = new NpgsqlDataSourceBuilder(connection + ";Command Timeout=0");
        builder.UseNodaTime();
        return builder.Build();
    }
}
