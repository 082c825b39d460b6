using Kalisecu.Backups;
using Kalisecu.Cli.OneMachine;
using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Rights;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Spectre.Console;

namespace Kalisecu.IntegrationTests.Backups;

/// <summary>A real backup by pgBackRest, restored; then damaged, as disks, bugs and people do, and each damage is seen.</summary>
public sealed class BackupTests(ABackedUpPlatform platform) : IClassFixture<ABackedUpPlatform>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_backup_is_restored_with_the_newest_log_and_proves_the_clause()
    {
        await platform.ContactAsync("later@client.example");
        var verify = ActivatorUtilities.CreateInstance<VerifyBackup>(platform.Worker);
        var run = ABackedUpPlatform.ARun(BackupSchedule.VerifyJob);

        var outcome = await verify.RunAsync(run, Cancel);

        Assert.Null(outcome.Problem);
        Assert.Equal(platform.Manifest.Tables.Count, run.Counts["tables"]);
        Assert.Equal(platform.Backup.RowCount, run.Counts["rows"]);
        Assert.Equal(3, run.Counts["access_log_entries"]);
        Assert.True(run.Counts["evidence_entries"] >= 4);
        Assert.True(run.Counts["sealed_kinds"] >= 3);
        Assert.Equal(1, run.Counts["objects_opened"]);
        Assert.True(run.Counts["recovery_milliseconds"] > 0);
        Assert.False(Directory.Exists(platform.Options.ScratchFolder));
        await TheClauseHoldsUntilItIsTooOldAsync();
    }

    [Fact]
    public async Task A_damaged_file_of_the_backup_is_seen()
    {
        var result = await platform.TryAsync(
            await platform.MarkAsync(),
            options => FlipAsync(Largest(options, "backup", "*"))
        );

        Assert.Contains("damaged", Assert.Single(result.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_piece_of_the_log_is_seen()
    {
        var result = await platform.TryAsync(
            await platform.MarkAsync(),
            options => FlipAsync(Largest(options, "archive", "0*.zst"))
        );

        Assert.Contains("damaged", Assert.Single(result.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_piece_that_is_missing_from_the_log_is_seen()
    {
        await platform.MarkAsync();
        var latest = await platform.MarkAsync();

        var result = await platform.TryAsync(
            latest,
            options =>
            {
                // The last but one: the repository cannot know that there was one.
                File.Delete(Archived(options)[^2]);
                return Task.CompletedTask;
            }
        );

        Assert.NotEmpty(result.Problems);
    }

    [Fact]
    public async Task A_damaged_key_is_seen()
    {
        var result = await platform.TryAsync(
            await platform.MarkAsync(),
            options => FlipAsync(Path.Combine(options.CopyFolder, "keys", $"{platform.Tenant:D}.key"))
        );

        Assert.Contains(result.Problems, p => p.Contains("copied files", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.Contains("The copy of the key", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.Contains("persons.email", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_row_and_changed_entries_of_the_chains_are_seen()
    {
        var person = await platform.ContactAsync("lost@client.example");
        var before = $"before-{Guid.CreateVersion7():N}";
        var complete = await TakeManifest.RunAsync(platform.Superuser, before, Cancel);
        await platform.RunAsync("delete from persons where person_id = $1", person);
        var without = await platform.MarkAsync();
        var ofClient = $"tenant_id = '{platform.Tenant:D}'";
        await platform.TamperAsync($"update evidence_entries set actor = 'nobody' where sequence = 2 and {ofClient}");
        await platform.TamperAsync("update access_entries set outcome = 'Refused' where sequence = 2");
        var latest = await platform.MarkAsync();
        await platform.TamperAsync(
            $"update evidence_entries set actor = 'staff:test' where sequence = 2 and {ofClient}"
        );
        await platform.TamperAsync("update access_entries set outcome = 'Allowed' where sequence = 2");

        var result = await platform.TryAsync(latest, _ => Task.CompletedTask, complete with { RestorePoint = without });

        Assert.Contains(result.Problems, p => p.Contains("public.persons", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.Contains("evidence", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.Contains("access log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_platform_is_brought_back_to_a_moment_without_those_who_were_erased_since()
    {
        await platform.ContactAsync("stays@client.example");
        var erased = await platform.ContactAsync("erased@client.example");
        var then = await ABackedUpPlatform.PersonsAsync(platform.Superuser);
        var moment = await platform.NowAsync();
        await platform.ContactAsync("too-late@client.example");
        await platform.EraseAsync(erased);
        await platform.Worker.GetRequiredService<CopyFiles>().RunAsync(Cancel);
        await platform.MarkAsync();

        using var machine = new TestFolder();
        var data = new DataFolder(machine["data"]);
        var lost = await platform.CopyAsync();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        var quiet = new Kalisecu.Cli.OneMachine.Progress(console);
        var restore = new MachineRestore(data, quiet, SystemClock.Instance);
        var source = new RestoreSource(lost.Repository, lost.CopyFolder, platform.Folder.Path);
        await IsRefusedWithoutTheJournalsLengthAsync(restore, source);
        var replayed = await restore.RunAsync(source, moment, Cancel);

        Assert.Equal(1, replayed);
        Assert.True(File.Exists(Path.Combine(data.Keys, JournalHead.FileName)));
        Assert.Equal(ABackedUpPlatform.Authority, await File.ReadAllTextAsync(data["pki/authority.key"], Cancel));
        using var folder = new KeyFolder(data.Keys, data.KeyEncryptionKey);
        using var keys = new KeyRing(folder);
        var document = Assert.Single(
            Directory.EnumerateFiles(Path.Combine(data.Objects, platform.Tenant.ToString("D")))
        );
        await new ObjectFolder(keys, data.Objects).ReadAsync(
            platform.Tenant,
            Path.GetFileName(document),
            Stream.Null,
            Cancel
        );
        // As `up` does it: PostgreSQL, roles, the journal compared once more, workers, the server.
        await using var up = new Platform(data, quiet, SystemClock.Instance);
        await up.StartAsync(port: 0, Cancel);
        Assert.Equal(
            then.Where(p => p != erased),
            await ABackedUpPlatform.PersonsAsync(SuperuserConnection.Of(OptionsOf(data)))
        );
        Assert.Equal(lost.Repository.Folder, OptionsOf(data).Repository.Folder);
    }

    /// <summary>What the restored platform's own worker reads.</summary>
    private static BackupOptions OptionsOf(DataFolder data) =>
        SettingsFile.Read<WorkerSettings>(data.WorkerSettings(Kalisecu.Jobs.Worker.BackupVerification)).Backups;

    private static async Task IsRefusedWithoutTheJournalsLengthAsync(MachineRestore restore, RestoreSource source)
    {
        var head = Path.Combine(source.Copies, CopyFiles.Keys, JournalHead.FileName);
        File.Move(head, head + ".away");
        var refused = await Assert.ThrowsAsync<StepFailed>(() => restore.RunAsync(source, to: null, Cancel));
        Assert.Contains("--accept-journal-without-head", refused.Advice, StringComparison.Ordinal);
        File.Move(head + ".away", head);
    }

    private async Task TheClauseHoldsUntilItIsTooOldAsync()
    {
        var tenants = platform.Server.GetRequiredService<AllTenants>();
        var now = SystemClock.Instance.GetCurrentInstant();
        IClauseCheck[] checks = [new EncryptedBackupsCheck(tenants), new TestedRestoreCheck(tenants)];
        foreach (var check in checks)
        {
            Assert.Equal(ClauseState.Holds, (await check.CheckAsync(now, Cancel)).State);
            Assert.Equal(ClauseState.Broken, (await check.CheckAsync(now + Duration.FromHours(31), Cancel)).State);
        }

        var retention = new BackupRetentionCheck(tenants);
        Assert.Equal(ClauseState.Holds, (await retention.CheckAsync(now + Duration.FromDays(27), Cancel)).State);
        Assert.Equal(ClauseState.Broken, (await retention.CheckAsync(now + Duration.FromDays(28), Cancel)).State);
        await platform.RunAsync("update backups set is_encrypted = false");
        Assert.Equal(ClauseState.Broken, (await checks[0].CheckAsync(now, Cancel)).State);
        await platform.RunAsync("update backups set is_encrypted = true");
    }

    private static List<string> Archived(BackupOptions options) =>
        [
            .. Directory
                .EnumerateFiles(
                    Path.Combine(options.Repository.Folder, "archive"),
                    "0*.zst",
                    SearchOption.AllDirectories
                )
                .Order(StringComparer.Ordinal),
        ];

    private static string Largest(BackupOptions options, string part, string pattern) =>
        new DirectoryInfo(Path.Combine(options.Repository.Folder, part))
            .EnumerateFiles(pattern, SearchOption.AllDirectories)
            .OrderByDescending(f => f.Length)
            .First()
            .FullName;

    /// <summary>One bit in the middle of a file turns, as on a disk that grows old.</summary>
    private static async Task FlipAsync(string file)
    {
        var content = await File.ReadAllBytesAsync(file, Cancel);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, content, Cancel);
    }
}
