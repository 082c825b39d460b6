using System.Text.Json;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>A worker's settings with all the files they name; its instances notice each other's death within seconds.</summary>
internal static class TestWorkerSettings
{
    public static WorkerSettings Make(TestFolder folder, Worker worker, TestDatabase database) =>
        Make(folder, worker, database.Connection(worker.Role));

    public static WorkerSettings Make(TestFolder folder, Worker worker, string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(database);
        var password = folder[worker.Name + ".password"];
        File.WriteAllText(password, connection.Password);
        connection.Password = null;
        if (!File.Exists(folder["kek.key"]))
        {
            KeyFolder.CreateKeyEncryptionKey(folder["kek.key"]);
        }

        return new WorkerSettings
        {
            Database = connection.ConnectionString,
            DatabasePasswordFile = password,
            Keys = { Folder = folder["keys"], KeyEncryptionKeyFile = folder["kek.key"] },
            Objects = { Folder = folder["objects"] },
            Erasures = { JournalFolder = folder["journal"] },
            Cluster =
            {
                CheckInSeconds = 1,
                DeadAfterSeconds = 2,
                MissedAfterSeconds = 5,
                LookEverySeconds = 1,
            },
        };
    }

    /// <summary>Writes them for a process of its own.</summary>
    /// <returns>The file.</returns>
    public static string Write(TestFolder folder, Worker worker, WorkerSettings settings)
    {
        var file = folder[worker.Name + ".json"];
        File.WriteAllText(file, JsonSerializer.Serialize(settings));
        return file;
    }
}
