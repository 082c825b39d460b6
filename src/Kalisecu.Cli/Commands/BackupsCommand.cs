using System.CommandLine;
using System.Globalization;
using Kalisecu.Backups.V1;
using Kalisecu.Cli.Commands.Parts;

namespace Kalisecu.Cli.Commands;

/// <summary>The backups that were taken, and the trials that prove them.</summary>
internal static class BackupsCommand
{
    private const string FullJob = Kalisecu.Backups.BackupSchedule.FullJob;
    private const string IncrementalJob = Kalisecu.Backups.BackupSchedule.IncrementalJob;
    private const string VerifyJob = Kalisecu.Backups.BackupSchedule.VerifyJob;

    private static readonly Argument<string> Id = Options.Id("backup", "Id of the backup");
    private static readonly Option<bool> Expired = new("--expired") { Description = "Also those that were removed" };
    private static readonly Option<bool> Full = new("--full") { Description = "Everything, not only what changed" };

    private static readonly Option<bool> NoWait = new("--no-wait")
    {
        Description = "Ask for it and return; watch it with 'jobs watch'",
    };

    private static readonly Column<Backup>[] Columns =
    [
        new("Backup", b => b.BackupId),
        new("Label", b => b.Label),
        new("Kind", b => Words.Of(b.Kind)),
        new("Taken", b => Show.Time(b.EndTime)),
        new("Encrypted", b => Show.YesNo(b.Encrypted)),
        new("Size", b => Megabytes(b.SizeBytes), IsNumber: true),
        new("Stored", b => Megabytes(b.RepositoryBytes), IsNumber: true),
        new("Rows", b => Show.Number((ulong)b.RowCount), IsNumber: true),
        new("Trial", b => b.LastVerification is null ? "" : Words.Of(b.LastVerification.Outcome)),
        new("Tried", b => Show.Time(b.LastVerification?.EndTime)),
    ];

    private static readonly Column<Backup>[] Properties =
    [
        .. Columns,
        new("Begun", b => Show.Time(b.StartTime)),
        new("Tables", b => b.TableCount.ToString(CultureInfo.InvariantCulture)),
        new("Manifest", b => Show.Hex(b.ManifestDigest)),
        new("Copied files", b => Show.Number((ulong)b.CopiedFileCount)),
        new("Copied", b => Megabytes(b.CopiedBytes)),
        new("Removed", b => Show.Time(b.ExpireTime)),
    ];

    private static readonly Column<BackupVerification>[] TrialColumns =
    [
        new("Trial", v => v.VerificationId),
        new("Begun", v => Show.Time(v.StartTime)),
        new("Ended", v => Show.Time(v.EndTime)),
        new("Outcome", v => Words.Of(v.Outcome)),
        new("Problems", v => string.Join(' ', v.Problems)),
        new(
            "Figures",
            v =>
                string.Join(
                    ", ",
                    v.Figures.OrderBy(f => f.Key, StringComparer.Ordinal)
                        .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value}"))
                )
        ),
    ];

    public static Command Create() =>
        new("backups", "Backups of the platform, and the trials that prove them")
        {
            new Leaf("list", "List backups, newest first", "backups list") { Expired, Options.Limit }.Runs(List),
            new Leaf("show", "Show a backup and its trials", "backups show BACKUP") { Id }.Runs(ShowOne),
            new Leaf("run", "Take a backup now", "backups run --full") { Full, NoWait }.Runs(Take),
            new Leaf("verify", "Restore the newest backup beside the database and check all of it", "backups verify")
            {
                NoWait,
            }.Runs(Verify),
        };

    private static async Task<int> List(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        return await run.ListAsync(
            new ListBackupsRequest { IncludeExpired = run.Get(Expired) },
            new BackupService.BackupServiceClient(connection.Invoker).ListBackupsAsync,
            page => page.Backups,
            Columns,
            cancellationToken
        );
    }

    private static async Task<int> ShowOne(Invocation run, CancellationToken cancellationToken)
    {
        using var connection = run.Connect();
        var client = new BackupService.BackupServiceClient(connection.Invoker);
        var answer = await client.GetBackupAsync(
            new GetBackupRequest { BackupId = run.Get(Id) },
            cancellationToken: cancellationToken
        );
        run.Output.Item(answer.Backup, Properties);
        foreach (var trial in answer.Verifications)
        {
            run.Output.Item(trial, TrialColumns);
        }

        return ExitCodes.Ok;
    }

    private static Task<int> Take(Invocation run, CancellationToken cancellationToken) =>
        JobsCommand.StartAsync(run, run.Get(Full) ? FullJob : IncrementalJob, !run.Get(NoWait), cancellationToken);

    private static Task<int> Verify(Invocation run, CancellationToken cancellationToken) =>
        JobsCommand.StartAsync(run, VerifyJob, !run.Get(NoWait), cancellationToken);

    private static string Megabytes(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
