using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;

namespace Kalisecu.Backups;

/// <summary>A backup as the repository lists it.</summary>
/// <param name="WalStart">The first piece of PostgreSQL's log that it needs.</param>
internal sealed record RepositoryBackup(
    string Label,
    BackupKind Kind,
    Instant StartTime,
    Instant EndTime,
    long SizeBytes,
    long RepositoryBytes,
    string WalStart,
    string WalStop,
    bool HasErrors
);

/// <summary>What the repository holds, newest backup last.</summary>
/// <param name="WalMax">The newest piece of PostgreSQL's log; empty when there is none.</param>
internal sealed record Repository(bool IsEncrypted, IReadOnlyList<RepositoryBackup> Backups, string WalMax);

/// <summary>
/// The program pgBackRest, which several of its commands let end well over damage: what they say is read, not how they end.
/// </summary>
internal sealed class PgBackRest(BackupOptions options)
{
    private const string Program = "pgbackrest";

    /// <summary>Writes the configuration and makes the repository; a repeat changes nothing.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await PgBackRestFile.WriteAsync(options, cancellationToken);
        await NeedAsync(OfServer(["stanza-create"]), "make the repository", cancellationToken);
    }

    /// <summary>Takes a backup, and removes those whose time is over. The first one is full, whatever is asked.</summary>
    public Task BackUpAsync(BackupKind kind, string restorePoint, CancellationToken cancellationToken) =>
        NeedAsync(
            OfServer([
                kind is BackupKind.Full ? "--type=full" : "--type=incr",
                "--annotation=restore-point=" + restorePoint,
                "backup",
            ]),
            "take the backup",
            cancellationToken
        );

    public async Task<Repository> ReadAsync(CancellationToken cancellationToken)
    {
        var result = await NeedAsync(["info", "--output=json"], "list the backups", cancellationToken);

        // It ends well without a repository and with a wrong passphrase, too.
        var stanza =
            JsonNode.Parse(result.Output)?.AsArray().SingleOrDefault()
            ?? throw new BackupFailed("The repository holds nothing.");
        var status = stanza["status"]!;
        // 2: no backup yet.
        if ((int)status["code"]! is not (0 or 2))
        {
            throw new BackupFailed($"The repository cannot be used: {(string?)status["message"]}.");
        }

        var wal = stanza["archive"]!.AsArray().Select(a => (string?)a!["max"] ?? "").LastOrDefault() ?? "";
        return new Repository(
            (string?)stanza["cipher"] is "aes-256-cbc",
            [.. stanza["backup"]!.AsArray().Select(b => ReadBackup(b!))],
            wal
        );
    }

    /// <summary>Reads every file of the repository and compares its digest.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public async Task<string?> FindDamageAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(["verify", "--output=text", "--verbose"], cancellationToken);
        var lines = result.Output.Split('\n', StringSplitOptions.TrimEntries);
        var isGood =
            result.ExitCode == 0
            && lines.Contains("status: ok", StringComparer.Ordinal)
            && lines.Any(l => l.StartsWith("backup: ", StringComparison.Ordinal))
            && lines.Where(l => l.StartsWith("backup: ", StringComparison.Ordinal)).All(IsValid)
            && lines
                .Where(l => l.StartsWith("missing: ", StringComparison.Ordinal))
                .All(l => l is "missing: 0, checksum invalid: 0, size invalid: 0, other: 0");
        return isGood
            ? null
            : string.Join(
                "; ",
                lines
                    .Where(l =>
                        (
                            l.StartsWith("missing: ", StringComparison.Ordinal)
                            && !l.Contains(
                                "missing: 0, checksum invalid: 0, size invalid: 0, other: 0",
                                StringComparison.Ordinal
                            )
                        )
                        || l.StartsWith("status: error", StringComparison.Ordinal)
                        || (l.StartsWith("backup: ", StringComparison.Ordinal) && !IsValid(l))
                        || l.Contains("ERROR", StringComparison.Ordinal)
                    )
                    .Take(5)
                    .DefaultIfEmpty("pgbackrest verify said nothing that proves it whole")
            );
    }

    /// <summary>Restores a backup into a folder, and tells it how far to replay the log.</summary>
    public Task RestoreAsync(
        string folder,
        string? label,
        IReadOnlyList<string> target,
        CancellationToken cancellationToken
    ) =>
        NeedAsync(
            [
                "--pg1-path=" + folder,
                .. label is null ? Array.Empty<string>() : ["--set=" + label],
                .. target,
                "restore",
            ],
            "restore the backup",
            cancellationToken
        );

    private static bool IsValid(string line) => line.Contains("status: valid", StringComparison.Ordinal);

    private static RepositoryBackup ReadBackup(JsonNode backup)
    {
        var (time, info, archive) = (backup["timestamp"]!, backup["info"]!, backup["archive"]!);
        return new RepositoryBackup(
            (string)backup["label"]!,
            (string?)backup["type"] is "full" ? BackupKind.Full : BackupKind.Incremental,
            Instant.FromUnixTimeSeconds((long)time["start"]!),
            Instant.FromUnixTimeSeconds((long)time["stop"]!),
            (long)info["size"]!,
            (long)info["repository"]!["delta"]!,
            (string?)archive["start"] ?? "",
            (string?)archive["stop"] ?? "",
            (bool?)backup["error"] ?? false
        );
    }

    /// <summary>Options of commands that talk to the running PostgreSQL.</summary>
    private string[] OfServer(string[] command)
    {
        var superuser = new NpgsqlConnectionStringBuilder(options.Superuser);
        return [string.Create(CultureInfo.InvariantCulture, $"--pg1-port={superuser.Port}"), .. command];
    }

    private async Task<ToolResult> NeedAsync(
        IReadOnlyList<string> command,
        string what,
        CancellationToken cancellationToken
    )
    {
        var result = await RunAsync(command, cancellationToken);
        return result.ExitCode == 0 ? result : throw new BackupFailed($"pgBackRest could not {what}: {result.Problem}");
    }

    private Task<ToolResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        PostgresUser.RunAsync(
            options,
            [Program, "--config=" + options.ConfigurationFile, "--stanza=" + PgBackRestFile.Stanza, .. command],
            SuperuserConnection.Environment(options),
            cancellationToken
        );
}
