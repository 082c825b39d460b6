using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using NodaTime;

namespace Kalisecu.Backups;

/// <summary>
/// Restores a backup and the log beside the running database, and looks at all of it: first at the backup's own moment, where
/// every row is known, then at the newest moment there is. Whatever happens, nothing of it stays.
/// </summary>
internal sealed class TryRestore(ProcessSettings settings, BackupOptions options, PgBackRest pgBackRest, IClock clock)
{
    // Reading them all would be the object store's own verification; the digests of all copies are compared anyway.
    private const int SampledObjects = 50;

    // The running database is on this machine, too: of a large one no more than this is taken.
    private const int MostJobs = 4;

    private const int RemoveTries = 50;
    private static readonly TimeSpan RemovePause = TimeSpan.FromMilliseconds(200);

    private string Data => Path.Combine(options.ScratchFolder, "data");

    /// <summary>Restores, looks at everything, and takes down what it made.</summary>
    /// <param name="progress">Told what is being done.</param>
    public async Task<TrialResult> RunAsync(
        TrialPlan plan,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var result = new TrialResult();
        await CleanAsync(cancellationToken);
        try
        {
            progress("Reading the copies");
            await LookAtCopiesAsync(result, cancellationToken);
            await RestoreAsync(plan, progress, result, cancellationToken);
        }
        catch (BackupFailed failed)
        {
            result.Fail(failed.Message);
        }
        finally
        {
            await CleanAsync(CancellationToken.None);
        }

        return result;
    }

    private async Task RestoreAsync(
        TrialPlan plan,
        Action<string> progress,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        var watch = Stopwatch.StartNew();
        progress("Restoring the database, and reading the whole repository meanwhile");
        if (await RestoreUnlessDamagedAsync(plan, cancellationToken) is { } damage)
        {
            result.Fail($"The repository is damaged: {damage}.");
            return;
        }

        result.Count("restore_milliseconds", watch.ElapsedMilliseconds);

        var recovered = await CompareAsync(plan, progress, result, cancellationToken);
        progress("Replaying the log to its end");
        watch.Restart();
        await using var server = await ScratchServer.StartAsync(
            options,
            Data,
            Target(plan.LatestPoint, "promote"),
            cancellationToken
        );
        result.Count(
            "recovery_milliseconds",
            result.Figures["restore_milliseconds"] + recovered + watch.ElapsedMilliseconds
        );
        await LookAtAsync(server, plan, progress, result, cancellationToken);
    }

    /// <summary>Both at once: what is damaged need not be restored to be known as damaged.</summary>
    /// <returns>What is damaged; null when nothing is, and all is restored.</returns>
    private async Task<string?> RestoreUnlessDamagedAsync(TrialPlan plan, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var restoring = pgBackRest.RestoreAsync(Data, plan.Label, ["--type=default"], stop.Token);
        try
        {
            var damage = await pgBackRest.FindDamageAsync(cancellationToken);
            if (damage is null)
            {
                await restoring;
            }

            return damage;
        }
        finally
        {
            // Its folder is cleared away next: nobody may still write there.
            await stop.CancelAsync();
            await restoring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Recovers to the backup's own moment and compares every table with what was seen then.</summary>
    /// <returns>How long that recovery took, in milliseconds.</returns>
    private async Task<long> CompareAsync(
        TrialPlan plan,
        Action<string> progress,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        progress("Replaying the log to the backup's moment");
        var watch = Stopwatch.StartNew();
        await using var server = await ScratchServer.StartAsync(
            options,
            Data,
            Target(plan.Manifest.RestorePoint, "pause"),
            cancellationToken
        );
        var took = watch.ElapsedMilliseconds;
        progress("Comparing every table");
        await using var connection = await SuperuserConnection.OpenAsync(
            server.Connection(ScratchServer.Superuser, plan.Database),
            cancellationToken
        );
        var restored = await TakeManifest.OfRestoredAsync(connection, plan.Manifest.RestorePoint, cancellationToken);
        result.FailAll(plan.Manifest.DifferencesOf(restored));
        result.Count("tables", restored.Tables.Count);
        result.Count("rows", restored.Tables.Values.Sum(t => t.Rows));
        return took;
    }

    private async Task LookAtAsync(
        ScratchServer server,
        TrialPlan plan,
        Action<string> progress,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        progress("Checking tables and indexes");
        await AmcheckAsync(server, plan.Database, result, cancellationToken);

        var services = RestoredServices.OnCopies(settings, options, clock);
        progress("Computing the chains anew");
        await services.VerifyChainsAsync(server, plan.Database, result, cancellationToken);
        progress("Opening sealed values");
        await OpenAsync(server, services.Settings.Keys.Folder, plan.Database, result, cancellationToken);
        progress("Replaying the journal of erasures");
        try
        {
            var outcome = await services.ReplayAsync(
                server,
                plan.Database,
                acceptsWithoutHead: false,
                cancellationToken
            );
            result.Count("erasures_replayed", outcome.Forgotten);
            if (outcome.Remaining > 0)
            {
                result.Fail(
                    $"{outcome.Remaining} of {outcome.Forgotten} erasures of the journal could not be carried out again."
                );
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or CryptographicException)
        {
            result.Fail($"The journal of erasures cannot be replayed: {exception.Message}");
        }
    }

    private async Task OpenAsync(
        ScratchServer server,
        string keyFolder,
        string database,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        using var folder = new KeyFolder(keyFolder, settings.Keys.KeyEncryptionKeyFile);
        using var keys = new KeyRing(folder);
        await using var connection = await SuperuserConnection.OpenAsync(
            server.Connection(ScratchServer.Superuser, database),
            cancellationToken
        );
        await new SealedSample(connection, folder, keys).RunAsync(result, cancellationToken);
        await OpenObjectsAsync(folder, keys, result, cancellationToken);
    }

    private async Task OpenObjectsAsync(
        KeyFolder folder,
        KeyRing keys,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        var root = Path.Combine(options.CopyFolder, CopyFiles.Objects);
        if (!Directory.Exists(root))
        {
            return;
        }

        var objects = new ObjectFolder(keys, root);
        var opened = 0;
        foreach (
            var file in new DirectoryInfo(root)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .OrderByDescending(f => f.LastWriteTimeUtc)
                .Where(f => !folder.IsDestroyed(f.Directory!.Name))
                .Take(SampledObjects)
        )
        {
            try
            {
                var tenant = Guid.ParseExact(file.Directory!.Name, "D");
                await objects.ReadAsync(tenant, file.Name, Stream.Null, cancellationToken);
                opened++;
            }
            catch (Exception exception) when (exception is Errors.Refusal or CryptographicException)
            {
                result.Fail($"The copy of the object {file.Directory!.Name}/{file.Name} does not open.");
            }
        }

        result.Count("objects_opened", opened);
    }

    private async Task AmcheckAsync(
        ScratchServer server,
        string database,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        var address = new Npgsql.NpgsqlConnectionStringBuilder(server.Connection(ScratchServer.Superuser, database));
        var checkedAll = await PostgresUser.RunAsync(
            options,
            [
                Path.Combine(options.PostgresPrograms, "pg_amcheck"),
                "--install-missing",
                "--heapallindexed",
                "--parent-check",
                string.Create(CultureInfo.InvariantCulture, $"--jobs={Math.Min(Environment.ProcessorCount, MostJobs)}"),
                "--host=" + address.Host,
                "--username=" + ScratchServer.Superuser,
                "--database=" + database,
            ],
            environment: null,
            cancellationToken
        );
        result.Count("amcheck_exit_code", checkedAll.ExitCode);
        if (checkedAll.ExitCode != 0)
        {
            result.Fail($"pg_amcheck found damage: {checkedAll.Problem}");
        }
    }

    private async Task LookAtCopiesAsync(TrialResult result, CancellationToken cancellationToken)
    {
        await using var held = await CopyFiles.LockAsync(options, cancellationToken);
        var list = CopyList.Read(options.CopyFolder);
        var sum = list.Sum();
        result.Count("copied_files", sum.Files);
        result.Count("copied_bytes", sum.Bytes);
        var damage = await list.FindDamageAsync(options.CopyFolder, cancellationToken);
        if (damage.Count > 0)
        {
            result.Fail($"{damage.Count} copied files are damaged: {string.Join(", ", damage.Take(5))}.");
        }
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        await RemoveAsync(options.ScratchFolder);

        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        Directory.CreateDirectory(
            options.ScratchFolder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        await PostgresUser.OwnAsync(options, options.ScratchFolder, cancellationToken);
    }

    /// <summary>
    /// What pgBackRest or PostgreSQL started ends a moment after them, and may write until then: those of this trial, and of one
    /// whose worker was killed.
    /// </summary>
    private static async Task RemoveAsync(string folder)
    {
        for (var tried = 1; Directory.Exists(folder); tried++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (tried < RemoveTries)
            {
                await Task.Delay(RemovePause);
            }
        }
    }

    private static Dictionary<string, string> Target(string restorePoint, string action) =>
        new(StringComparer.Ordinal) { ["recovery_target_name"] = restorePoint, ["recovery_target_action"] = action };
}
