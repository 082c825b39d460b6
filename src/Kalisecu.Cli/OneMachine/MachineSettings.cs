using System.Text.Json;
using System.Text.Json.Nodes;
using Kalisecu.Persistence;

namespace Kalisecu.Cli.OneMachine;

/// <summary>What was chosen for this machine; kept in the settings file that the server reads.</summary>
internal sealed record MachineSettings(string TrustDomain, int Port, int EnrolmentPort, int PostgresPort)
{
    public const int DefaultPort = 7443;
    public const string DefaultTrustDomain = "kalisecu.local";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The choices of an earlier run, or null.</summary>
    public static MachineSettings? Read(DataFolder data)
    {
        if (!File.Exists(data.Settings))
        {
            return null;
        }

        try
        {
            var json = JsonNode.Parse(File.ReadAllText(data.Settings))!;
            return new MachineSettings(
                (string)json[nameof(TrustDomain)]!,
                (int)json["Listen"]![nameof(Port)]!,
                (int)json["Listen"]![nameof(EnrolmentPort)]!,
                (int)json["Postgres"]![nameof(Port)]!
            );
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new StepFailed(
                $"{data.Settings} cannot be read: {exception.Message}",
                "correct it, or remove it: the next start writes it anew with default ports",
                exception
            );
        }
    }

    /// <summary>Earlier choices, changed by what the command line asks for; a busy port for PostgreSQL is left for a free one.</summary>
    public static MachineSettings Choose(DataFolder data, int? port)
    {
        var earlier = Read(data);
        var chosen = port switch
        {
            null => (earlier?.Port ?? DefaultPort, earlier?.EnrolmentPort ?? DefaultPort + 1),
            // The agent of this machine knows the ports of its enrolment: they are kept as long as they are free.
            0 when earlier is not null && Ports.IsFree(earlier.Port) && Ports.IsFree(earlier.EnrolmentPort) => (
                earlier.Port,
                earlier.EnrolmentPort
            ),
            0 => (Ports.Free(), Ports.Free()),
            { } given => (given, given + 1),
        };
        return new MachineSettings(
            earlier?.TrustDomain ?? MachineCertificates.TrustDomain(data) ?? DefaultTrustDomain,
            chosen.Item1,
            chosen.Item2,
            earlier is not null && Ports.IsFree(earlier.PostgresPort) ? earlier.PostgresPort : Ports.Free()
        );
    }

    /// <summary>Writes what the server reads: paths and numbers, no secret.</summary>
    public void Write(DataFolder data, string database)
    {
        var settings = new JsonObject
        {
            [nameof(TrustDomain)] = TrustDomain,
            ["Database"] = database,
            ["DatabasePasswordFile"] = data.PasswordFile(DatabaseRoles.Server),
            ["Listen"] = new JsonObject
            {
                ["Address"] = "127.0.0.1",
                [nameof(Port)] = Port,
                [nameof(EnrolmentPort)] = EnrolmentPort,
            },
            ["Certificates"] = new JsonObject
            {
                ["ServicesAuthority"] = data.Certificate("services-ca"),
                ["AgentsAuthority"] = data.Certificate("agents-ca"),
                ["AgentsAuthorityKey"] = data.Key("agents-ca"),
                ["Server"] = data.Certificate("server"),
                ["ServerKey"] = data.Key("server"),
            },
            ["Keys"] = new JsonObject { ["Folder"] = data.Keys, ["KeyEncryptionKeyFile"] = data.KeyEncryptionKey },
            ["Receipts"] = new JsonObject { ["SigningKey"] = data.Key("receipts") },
            ["Objects"] = new JsonObject { ["Folder"] = data.Objects },
            ["Erasures"] = new JsonObject { ["JournalFolder"] = data.Journal },
            ["Postgres"] = new JsonObject { [nameof(Port)] = PostgresPort },
        };
        var temporary = data.Settings + ".new";
        File.WriteAllText(temporary, settings.ToJsonString(Indented) + "\n");
        File.Move(temporary, data.Settings, overwrite: true);
    }
}
