using Kalisecu.AccessLog;
using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.Rights;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>The platform's own code over a restored database: the same that the processes run.</summary>
/// <param name="settings">Where keys, objects and the journal are; the database is named by the server.</param>
internal sealed class RestoredServices(WorkerSettings settings, IClock clock)
{
    public WorkerSettings Settings { get; } = settings;

    /// <summary>For a trial: on copies of the copies, which a replay may change.</summary>
    public static RestoredServices OnCopies(ProcessSettings settings, BackupOptions options, IClock clock)
    {
        var folder = options.ScratchFolder;
        var trial = new WorkerSettings
        {
            Keys =
            {
                Folder = Path.Combine(folder, CopyFiles.Keys),
                KeyEncryptionKeyFile = settings.Keys.KeyEncryptionKeyFile,
            },
            Objects = { Folder = Path.Combine(folder, CopyFiles.Objects) },
            Erasures = { JournalFolder = Path.Combine(folder, CopyFiles.Journal) },
            DatabasePasswordFile = Path.Combine(folder, "no.password"),
            Controller = settings.Controller,
            Residency = settings.Residency,
        };
        RestoreCopies.CopyFolder(Path.Combine(options.CopyFolder, CopyFiles.Keys), trial.Keys.Folder);
        RestoreCopies.CopyFolder(Path.Combine(options.CopyFolder, CopyFiles.Journal), trial.Erasures.JournalFolder);
        Directory.CreateDirectory(trial.Objects.Folder);
        File.WriteAllText(trial.DatabasePasswordFile, "");
        return new RestoredServices(trial, clock);
    }

    /// <summary>Erases again whom the restored database has forgotten, as the role that may.</summary>
    public async Task<ReplayOutcome> ReplayAsync(
        ScratchServer server,
        string database,
        bool acceptsWithoutHead,
        CancellationToken cancellationToken
    )
    {
        using var host = Build(server, database, DatabaseRoles.Retention);
        return await host.Services.GetRequiredService<ReplayErasures>().RunAsync(acceptsWithoutHead, cancellationToken);
    }

    /// <summary>Computes all chains anew.</summary>
    public async Task VerifyChainsAsync(
        ScratchServer server,
        string database,
        TrialResult result,
        CancellationToken cancellationToken
    )
    {
        using var host = Build(server, database, ScratchServer.Superuser);
        var services = host.Services;
        var evidence = await services.GetRequiredService<EvidenceVerification>().RunAsync(cancellationToken);
        result.Count("evidence_chains", evidence.Chains);
        result.Count("evidence_entries", evidence.Entries);
        result.FailAll(evidence.Breaks);

        var log = await services.GetRequiredService<AccessLogVerification>().RunAsync(cancellationToken);
        result.Count("access_log_chains", log.WriterCount);
        result.Count("access_log_entries", log.EntryCount);
        result.FailAll(
            log.Breaks.Select(b => $"The access log of {b.WriterId:D} is broken at entry {b.Sequence}: {b.Kind}.")
        );
    }

    private IHost Build(ScratchServer server, string database, string role)
    {
        Settings.Database = new NpgsqlConnectionStringBuilder(server.Connection(role, database)).ConnectionString;
        return WorkerHost.Build(
            Settings,
            Worker.Retention,
            [ErasureJob.Jobs],
            builder =>
            {
                builder.Services.AddSingleton(clock);
                builder.Services.AddSingleton<EvidenceVerification>();
                builder.Services.AddSingleton<AccessLogVerification>();
            }
        );
    }
}
