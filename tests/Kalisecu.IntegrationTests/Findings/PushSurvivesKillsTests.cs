using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.IntegrationTests.Findings;

/// <summary>Alone on the machine: a kill has to meet a push that takes as long as an undisturbed one.</summary>
[CollectionDefinition(nameof(PushSurvivesKillsTests), DisableParallelization = true)]
public sealed class KilledAlone;

/// <summary>
/// Agent, server and PostgreSQL as real processes, killed at random moments of a push: what was committed stays, nothing
/// comes twice, and the scan is completed in the end. KALISECU_SOAK=1 makes two hundred rounds of it,
/// another number as many.
/// </summary>
[Collection(nameof(PushSurvivesKillsTests))]
public sealed class PushSurvivesKillsTests(ITestOutputHelper output)
{
    private const int Occurrences = 100_000;

    // The server and the agent wait half a second and more between tries; each try may meet a server that starts just now.
    private const int TriesOfAgent = 5;

    // A kill waits for so many rows at most: reading what is committed takes a moment, and the push goes on meanwhile.
    private const uint LatestKill = 60_000;

    private static readonly TimeSpan RoundWithin = TimeSpan.FromMinutes(5);

    private static int Rounds =>
        Environment.GetEnvironmentVariable("KALISECU_SOAK") switch
        {
            null or "" => 20,
            "1" => 200,
            var count => int.Parse(count, CultureInfo.InvariantCulture),
        };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private enum Victim
    {
        Agent,
        Server,
        Postgres,
    }

    [Fact]
    public async Task A_push_that_is_killed_at_any_moment_is_complete_and_counted_once_in_the_end()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("KALISECU_SEED"),
            CultureInfo.InvariantCulture,
            out var set
        )
            ? set
            : Environment.TickCount;
        output.WriteLine($"KALISECU_SEED={seed}");
        var random = new PCG(1, (ulong)seed);
        await using var machine = await TestMachine.StartAsync(Cancel);
        await UndisturbedAsync(machine, Cancel);
        var underWay = 0;
        for (var round = 0; round < Rounds; round++)
        {
            Victim[] victims = round % 4 == 0 ? [Of(round), Of(round + 1)] : [Of(round)];
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(RoundWithin);
            var watch = Stopwatch.StartNew();
            var rowsAtKill = random.Next(LatestKill);
            var before = await RunAsync(machine, victims, rowsAtKill, limit.Token);
            underWay += before is null ? 0 : 1;
            output.WriteLine(
                $"{round}: {string.Join('+', victims)} after {rowsAtKill} rows, {(before is { } rows ? $"{rows} rows were committed" : "too late")}, {watch.Elapsed.TotalSeconds:F1} s"
            );
        }

        Assert.True(underWay * 10 >= Rounds * 7, $"{underWay} of {Rounds} kills met a push that was under way");
    }

    private static Victim Of(int number) => (Victim)(number % 3);

    private static async Task UndisturbedAsync(TestMachine machine, CancellationToken cancellationToken)
    {
        using var site = await MachineSite.OfAsync(machine, cancellationToken);
        site.Scan(Enumerable.Range(0, Occurrences));
        var agent = await StartAgentAsync(site);
        await GoOnAsync(site, agent, cancellationToken);
        await ProveAsync(machine, site, [], cancellationToken);
    }

    /// <summary>One push with one kill; answers how many rows were committed then, null when all was done by then.</summary>
    private static async Task<int?> RunAsync(
        TestMachine machine,
        Victim[] victims,
        uint rowsAtKill,
        CancellationToken cancellationToken
    )
    {
        using var site = await MachineSite.OfAsync(machine, cancellationToken);
        site.Scan(Enumerable.Range(0, Occurrences));
        var agent = await StartAgentAsync(site);
        await UntilUnderWayAsync(machine, site, agent, rowsAtKill, cancellationToken);

        var before = await RowsAsync(machine, site, cancellationToken);
        var isUnderWay = !agent.HasExited;
        foreach (var victim in victims)
        {
            Kill(machine, agent, victim);
        }

        if (victims.Contains(Victim.Postgres))
        {
            await machine.StartPostgresAsync(cancellationToken);
        }

        if (victims.Contains(Victim.Server))
        {
            await machine.StartServerAsync(cancellationToken);
        }

        await GoOnAsync(site, agent, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(
            await File.ReadAllTextAsync(site.State.File("log"), cancellationToken)
        );
        await ProveAsync(machine, site, before, cancellationToken);
        return isUnderWay ? before.Count : null;
    }

    private static void Kill(TestMachine machine, Process agent, Victim victim)
    {
        switch (victim)
        {
            case Victim.Agent:
                agent.Kill();
                break;
            case Victim.Server:
                machine.KillServer();
                break;
            case Victim.Postgres:
                machine.KillPostgres();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(victim), victim, "not one of ours");
        }
    }

    private static async Task GoOnAsync(MachineSite site, Process first, CancellationToken cancellationToken)
    {
        var agent = first;
        for (var tries = 1; ; tries++)
        {
            await agent.WaitForExitAsync(cancellationToken);
            var code = agent.ExitCode;
            agent.Dispose();
            if (code == 0)
            {
                break;
            }

            Assert.True(
                tries < TriesOfAgent,
                $"The agent ended with {code} for the {tries}th time: {await File.ReadAllTextAsync(site.State.File("log"), cancellationToken)}"
            );
            agent = await StartAgentAsync(site);
        }

        Assert.Empty(site.Spool.Waiting());
    }

    private static async Task ProveAsync(
        TestMachine machine,
        MachineSite site,
        Dictionary<Guid, long> before,
        CancellationToken cancellationToken
    )
    {
        var after = await RowsAsync(machine, site, cancellationToken);
        Assert.Equal(Occurrences, after.Count);
        Assert.Empty(before.Except(after));
        Assert.Equal(
            (long[])[Occurrences, Occurrences, Occurrences, 1, Occurrences, 0, Occurrences, 0],
            await AskAsync(
                machine,
                site,
                """
                select array[
                    (select count(*) from occurrences where tenant_id = $1),
                    (select sum(open_occurrence_count) from findings where tenant_id = $1 and state = 'Open'),
                    (select sum(open_occurrence_count) from finding_tools where tenant_id = $1),
                    (select count(*) from scans where tenant_id = $1 and state = 'Completed'),
                    (select sum(occurrences_opened) from scans where tenant_id = $1),
                    (select sum(occurrences_closed) from scans where tenant_id = $1),
                    (select sum(occurrences_open_total) from scans where tenant_id = $1),
                    (select count(*) from findings f where tenant_id = $1 and open_occurrence_count <>
                        (select count(*) from occurrences o where o.tenant_id = $1 and o.finding_id = f.finding_id))
                ]::bigint[]
                """,
                cancellationToken
            )
        );
    }

    private static async Task UntilUnderWayAsync(
        TestMachine machine,
        MachineSite site,
        Process agent,
        uint rows,
        CancellationToken cancellationToken
    )
    {
        const string pushed = """
            select array_agg(s.rows) from (
                select (select count(*) from occurrences o where o.tenant_id = $1) as rows
                from scans where tenant_id = $1 and state = 'Pushing') s
            """;
        while (!agent.HasExited)
        {
            if (await AskAsync(machine, site, pushed, cancellationToken) is [var committed] && committed >= rows)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }
    }

    /// <summary>Ids of what is committed, each with the transaction that wrote it: a row that is written again has another.</summary>
    private static async Task<Dictionary<Guid, long>> RowsAsync(
        TestMachine machine,
        MachineSite site,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await OpenAsync(machine, cancellationToken);
        await using var command = new NpgsqlCommand(
            "select occurrence_id, xmin::text::bigint from occurrences where tenant_id = $1 and close_time is null",
            connection
        );
        command.Parameters.AddWithValue(site.Tenant);
        var rows = new Dictionary<Guid, long>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(row.GetGuid(0), row.GetInt64(1));
        }

        return rows;
    }

    private static async Task<long[]?> AskAsync(
        TestMachine machine,
        MachineSite site,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await OpenAsync(machine, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(site.Tenant);
        return await command.ExecuteScalarAsync(cancellationToken) as long[];
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestMachine machine, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(machine.Superuser.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static Task<Process> StartAgentAsync(MachineSite site) =>
        ChildProcess.StartAsync(
            [
                "sh",
                "-c",
                "exec \"$@\" >>\"$0\" 2>&1 </dev/null",
                site.State.File("log"),
                .. OurPrograms.Agent("push", "--state", site.State.Path),
            ],
            "TERM"
        );
}
