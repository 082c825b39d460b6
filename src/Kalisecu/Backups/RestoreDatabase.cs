using System.Globalization;
using Kalisecu.Hosting;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>
/// Brings the database back to a moment, and erases again whoever was erased since, before anybody can connect to it.
/// </summary>
internal sealed class RestoreDatabase(BackupOptions options, WorkerSettings settings, IClock clock)
{
    private static readonly InstantPattern Target = InstantPattern.Create(
        "yyyy'-'MM'-'dd' 'HH':'mm':'ss.FFFFFF'+00'",
        CultureInfo.InvariantCulture
    );

    /// <summary>Whether an operator takes a journal of erasures that came without its length to be whole.</summary>
    public bool AcceptsJournalWithoutHead { get; init; }

    /// <summary>Brings the database back and carries out again what was erased since.</summary>
    /// <param name="to">The last moment whose changes are wanted; null for the newest that there is.</param>
    /// <param name="superuserPassword">What the superuser's password is to be from now on.</param>
    /// <param name="step">Told what is being done, and does it.</param>
    /// <returns>How many erasures were carried out again.</returns>
    public async Task<int> RunAsync(
        Instant? to,
        string superuserPassword,
        Func<string, Func<Task>, Task> step,
        CancellationToken cancellationToken
    )
    {
        var pgBackRest = new PgBackRest(options);
        await PgBackRestFile.WriteAsync(options, cancellationToken);
        string[] target = to is { } moment
            ? ["--type=time", "--target=" + Target.Format(moment), "--target-action=promote"]
            : ["--type=default"];
        await step(
            "The backup",
            () => pgBackRest.RestoreAsync(options.ClusterFolder, label: null, target, cancellationToken)
        );

        ScratchServer? server = null;
        try
        {
            await step(
                "The log after it",
                async () =>
                    server = await ScratchServer.StartAsync(
                        options,
                        options.ClusterFolder,
                        new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            // This one is kept.
                            ["fsync"] = "on",
                            ["full_page_writes"] = "on",
                        },
                        cancellationToken
                    )
            );
            await SetPasswordAsync(server!, superuserPassword, cancellationToken);
            var replayed = 0;
            await step("The journal of erasures", async () => replayed = await ReplayAsync(server!, cancellationToken));
            await server!.StopAsync();
            File.Delete(Path.Combine(options.ClusterFolder, ScratchServer.AccessFile));
            return replayed;
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    private async Task<int> ReplayAsync(ScratchServer server, CancellationToken cancellationToken)
    {
        var database = new NpgsqlConnectionStringBuilder(options.Superuser).Database ?? DatabaseRoles.Database;
        var outcome = await new RestoredServices(settings, clock).ReplayAsync(
            server,
            database,
            AcceptsJournalWithoutHead,
            cancellationToken
        );
        return outcome.Remaining == 0
            ? outcome.Forgotten
            : throw new BackupFailed(
                $"{outcome.Remaining} of {outcome.Forgotten} erasures of the journal could not be carried out again."
            );
    }

    /// <summary>The password of this machine, and nothing left of how the recovery was told where to stop.</summary>
    private static async Task SetPasswordAsync(
        ScratchServer server,
        string password,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await SuperuserConnection.OpenAsync(
            server.Connection(ScratchServer.Superuser, "postgres"),
            cancellationToken
        );
        await using var reset = new NpgsqlCommand("alter system reset all", connection);
        await reset.ExecuteNonQueryAsync(cancellationToken);
        await using var change = new NpgsqlCommand(
            $"alter role {ScratchServer.Superuser} password '{ScramVerifier.Of(password)}'",
            connection
        );
        await change.ExecuteNonQueryAsync(cancellationToken);
    }
}
