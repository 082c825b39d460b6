using Kalisecu.Deliveries;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Outbox;
using Kalisecu.Rights;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MimeKit;
using NodaTime;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>The workers beside a server under test, as their processes are built: own roles, the server's keys and clock.</summary>
internal sealed class ServerWorkers(TestServer server) : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Runs the job of the retention worker that carries out erasures.</summary>
    public async Task<JobRunState?> EraseAsync()
    {
        using var host = Build(Worker.Retention, [ErasureJob.Jobs]);
        var start = new JobStart("execute-erasures", JobCause.Once, "test");
        return (await host.Services.GetRequiredService<JobRunner>().TryRunAsync(start, Cancel)).State;
    }

    /// <summary>Drops what letters can no longer bring, as the same job does.</summary>
    public async Task<int> DropSecretsAsync()
    {
        using var host = Build(Worker.Retention, [ErasureJob.Jobs]);
        return await host.Services.GetRequiredService<DropSecrets>().RunAsync(Cancel);
    }

    /// <summary>Sends what is due; answers what lies in the mailbox of an address afterwards, oldest first.</summary>
    public async Task<IReadOnlyList<ArrivedLetter>> DeliverAsync(string address)
    {
        using var host = Build(Worker.Delivery, [DeliveriesModule.Delivery]);
        await host.Services.GetRequiredService<DeliverLetters>().RunAsync(Cancel);
        return
        [
            .. Directory
                .EnumerateFiles(_folder["mail"], "*.eml")
                .Order(StringComparer.Ordinal)
                .Select(file => MimeMessage.Load(file, Cancel))
                .Where(m => m.To.Mailboxes.Any(to => string.Equals(to.Address, address, StringComparison.Ordinal)))
                .Select(m => new ArrivedLetter(m.Subject ?? "", m.TextBody ?? "", m.HtmlBody ?? "")),
        ];
    }

    public void Dispose() => _folder.Dispose();

    private IHost Build(Worker worker, IReadOnlyList<WorkerJobs> jobs)
    {
        var settings = TestWorkerSettings.Make(_folder, worker, server.Database);
        settings.Keys.Folder = server.Settings.Keys.Folder;
        settings.Keys.KeyEncryptionKeyFile = server.Settings.Keys.KeyEncryptionKeyFile;
        settings.Objects.Folder = server.Settings.Objects.Folder;
        settings.Erasures.JournalFolder = server.Settings.Erasures.JournalFolder;
        settings.Delivery.PickupFolder = _folder["mail"];
        settings.Delivery.LettersPerSecond = 10_000;
        return WorkerHost.Build(
            settings,
            worker,
            jobs,
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<IClock>(server.Clock);
            }
        );
    }
}

/// <summary>A letter in a mailbox.</summary>
internal sealed record ArrivedLetter(string Subject, string TextBody, string HtmlBody);
