using Kalisecu.AccessLog;
using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Rights;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>The platform's own code over a restored database: the same that the processes run, on copies of all they need.</summary>
internal sealed class TrialServices(
    ProcessSettings settings,
    BackupOptions options,
    string folder,
    IClock clock
)
{
    public string Keys => Path.Combine(folder, "keys");

    private string Journal => Path.Combine(folder, "journal");

    private string Objects => Path.Combine(folder, "objects");

    /// <summary>Makes copies of the copies that a replay may change.</summary>
    public void Prepare()
    {
        CopyFolder(CopyFiles.Keys, Keys);
        CopyFolder(CopyFiles.Journal, Journal);
        Directory.CreateDirectory(Objects);
        File.WriteAllText(Path.Combine(folder, "no.password"), "");
    }

    /// <summary>Erases again whom the restored database has forgotten, as the role that may.</summary>
    public async Task ReplayAsync(ScratchServer server, string database, TrialResult result, CancellationToken cancel)
    {
        using var host = Build(server, database, DatabaseRoles.Retention);
        var outcome = await host.Services.GetRequiredService<ReplayErasures>().RunAsync(cancel);
        result.Count("erasures_replayed", outcome.Forgotten);
        if (outcome.Remaining > 0)
        {
            result.Fail($"{outcome.Remaining} of {outcome.Forgotten} erasures of the journal could not be carried out again.");
        }
    }

    /// <summary>Computes all chains anew.</summary>
    public async Task VerifyChainsAsync(
        ScratchServer server,
        string database,
        TrialResult result,
        CancellationToken cancel
    )
    {
        using var host = Build(server, database, "postgres");
        var services = host.Services;
        var evidence = await services.GetRequiredService<EvidenceVerification>().RunAsync(cancel);
        result.Count("evidence_chains", evidence.Chains);
        result.Count("evidence_entries", evidence.Entries);
        result.FailAll(evidence.Breaks);

        var log = await services.GetRequiredService<AccessLogVerification>().RunAsync(cancel);
        result.Count("access_log_chains", log.WriterCount);
        result.Count("access_log_entries", log.EntryCount);
        result.FailAll(
            log.Breaks.Select(b => $"The access log of {b.WriterId:D} is broken at entry {b.Sequence}: {b.Kind}.")
        );
    }

    private IHost Build(ScratchServer server, string database, string role)
    {
        var trial = new WorkerSettings
        {
            Database = new NpgsqlConnectionStringBuilder(server.Connection(role, database)).ConnectionString,
            DatabasePasswordFile = Path.Combine(folder, "no.password"),
            Keys = { Folder = Keys, KeyEncryptionKeyFile = settings.Keys.KeyEncryptionKeyFile },
            Objects = { Folder = Objects },
            Erasures = { JournalFolder = Journal },
            Controller = settings.Controller,
            Residency = settings.Residency,
        };
        return WorkerHost.Build(
            trial,
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

    private void CopyFolder(string name, string target)
    {
        Directory.CreateDirectory(target);
        var source = Path.Combine(options.CopyFolder, name);
        foreach (
            var file in Directory.Exists(source)
                ? Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
                : []
        )
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
