using System.Text.Json;
using System.Text.Json.Nodes;
using Kalisecu.Backups;
using Kalisecu.Jobs;

namespace Kalisecu.Cli.OneMachine;

/// <summary>The workers of one machine: one process of each that has jobs.</summary>
internal sealed class MachineWorkers(DataFolder data) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // What only the server reads; all else, such as where the keys are, holds for every process.
    private static readonly HashSet<string> OfServer = new(StringComparer.Ordinal)
    {
        "TrustDomain",
        "Listen",
        "Certificates",
        "Agents",
        "Postgres",
        "Receipts",
    };

    private readonly List<SupervisedProcess> _running = [];

    /// <summary>Those that run on one machine.</summary>
    public static IReadOnlyList<Worker> Kinds { get; } =
    [Worker.Delivery, Worker.Retention, Worker.BackupVerification, Worker.BreachNotification];

    /// <summary>The names of their processes, as `status` and `logs` know them.</summary>
    public static IReadOnlyList<string> ProcessNames { get; } = [.. Kinds.Select(ProcessName)];

    public IReadOnlyList<SupervisedProcess> Running => _running;

    /// <summary>Writes what each worker reads: the server's settings with its own role, and letters into a folder.</summary>
    public void WriteSettings(PostgresFiles files, int port)
    {
        foreach (var worker in Kinds)
        {
            // What an operator added, such as a mail relay, stays.
            var settings = Read(data.WorkerSettings(worker));
            foreach (var (name, section) in Read(data.Settings).Where(s => !OfServer.Contains(s.Key)))
            {
                settings[name] = section?.DeepClone();
            }

            settings["Database"] = MachineDatabase.Address(files, port, worker.Role);
            settings["DatabasePasswordFile"] = data.PasswordFile(worker.Role);
            if (worker == Worker.Delivery)
            {
                settings["Delivery"] ??= new JsonObject { ["PickupFolder"] = data.Mail };
            }

            if (worker == Worker.BackupVerification)
            {
                settings["Backups"] = MachineBackups.Settings(data, files, port, settings["Backups"] as JsonObject);
            }

            var temporary = data.WorkerSettings(worker) + ".new";
            File.WriteAllText(temporary, settings.ToJsonString(Indented) + "\n");
            File.Move(temporary, data.WorkerSettings(worker), overwrite: true);
        }
    }

    /// <summary>Writes where backups are, for a platform that was restored from there: it goes on with the same.</summary>
    public static void KeepBackups(DataFolder data, BackupOptions.RepositorySettings repository, string copies)
    {
        var settings = new JsonObject
        {
            ["Backups"] = new JsonObject
            {
                [nameof(BackupOptions.Repository)] = JsonSerializer.SerializeToNode(repository),
                [nameof(BackupOptions.CopyFolder)] = copies,
            },
        };
        File.WriteAllText(data.WorkerSettings(Worker.BackupVerification), settings.ToJsonString(Indented) + "\n");
    }

    /// <summary>Starts them all; they need nothing of each other, and nobody waits for them.</summary>
    public async Task StartAsync()
    {
        foreach (var worker in Kinds)
        {
            var name = ProcessName(worker);
            var process = new SupervisedProcess(name, OurPrograms.Worker(data, worker), data.Log(name));
            _running.Add(process);
            await process.StartAsync();
        }
    }

    /// <summary>Keeps them running until cancelled.</summary>
    public Task KeepAsync(Action<string> say, CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Select(worker => worker.KeepAsync(say, cancellationToken)));

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_running.Select(worker => worker.DisposeAsync().AsTask()));

    private static string ProcessName(Worker worker) => worker.Name + "-worker";

    private static JsonObject Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new StepFailed(
                $"{file} cannot be read: {exception.Message}",
                "correct it, or remove it: the next start writes it anew",
                exception
            );
        }
    }
}
