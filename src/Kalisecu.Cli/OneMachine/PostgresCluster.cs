using System.Diagnostics;
using System.Runtime.InteropServices;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using NodaTime;

namespace Kalisecu.Cli.OneMachine;

/// <summary>The cluster's files: made once, its settings and certificate written afresh at each start.</summary>
internal static class PostgresCluster
{
    // Longer than any process runs; issued anew at each start.
    private static readonly Duration CertificateValidity = Duration.FromDays(825);

    /// <summary>The user PostgreSQL runs as: not root, which it refuses; null for ourselves.</summary>
    public static string? User => Environment.IsPrivilegedProcess ? PostgresBinaries.User : null;

    /// <summary>Makes the folders and, where there is none, the cluster. An interrupted making is made again.</summary>
    public static async Task PrepareAsync(PostgresSettings settings, CancellationToken cancellationToken)
    {
        var files = settings.Files;
        Directory.CreateDirectory(files.Folder);
        await Own(files.Folder, cancellationToken);
        await RefuseUnreachable(files.Folder, cancellationToken);
        if (Directory.Exists(files.Cluster))
        {
            return;
        }

        var unfinished = files.Cluster + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        await PrepareFolderAsync(files, cancellationToken);

        // Names sort by bytes, as our keys do; lower() still knows every letter.
        List<string> arguments =
        [
            PostgresBinaries.Find("initdb"),
            "--pgdata=" + unfinished,
            "--username=" + PostgresBinaries.User,
            "--pwfile=" + files.PasswordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
            "--lc-messages=C",
            "--data-checksums",
        ];
        if (!settings.Durable)
        {
            arguments.Add("--no-sync");
        }

        await Run(arguments, "PostgreSQL's initdb failed", cancellationToken);
        Directory.Move(unfinished, files.Cluster);
    }

    /// <summary>Makes all that is beside a cluster, which is made or restored after it: folders, and the superuser's password.</summary>
    public static async Task PrepareFolderAsync(PostgresFiles files, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(files.Folder);
        await Own(files.Folder, cancellationToken);
        File.Delete(files.PasswordFile);
        PemFiles.WriteSecret(files.PasswordFile, Passwords.Make());
        await Own(files.PasswordFile, cancellationToken);
        foreach (var folder in (string[])[files.SocketFolder, files.LogFolder])
        {
            Directory.CreateDirectory(folder);
            await Own(folder, cancellationToken);
        }
    }

    /// <summary>Writes the settings, who may connect, and a certificate of the services authority.</summary>
    public static void Configure(PostgresSettings settings, CertificateAuthority authority, Instant now)
    {
        var files = settings.Files;
        File.WriteAllText(Path.Combine(files.Cluster, "postgresql.conf"), settings.ConfigurationFile());
        File.WriteAllText(Path.Combine(files.Cluster, "pg_hba.conf"), PostgresSettings.AccessFile());

        var id = new SpiffeId(authority.TrustDomain, SpiffeKind.Server, "postgres");
        var draft = new CertificateDraft(id, CertificateValidity) { Hosts = ["localhost", "127.0.0.1"] };
        using var certificate = authority.Issue(draft, now);
        var key = Path.Combine(files.Cluster, "kalisecu.key");
        PemFiles.Write(certificate, Path.Combine(files.Cluster, "kalisecu.crt"), key);
        PemFiles.WriteCertificate(authority.Certificate, files.AuthorityFile);
        OwnNow(key);
    }

    private static Task Own(string path, CancellationToken cancellationToken) =>
        User is null
            ? Task.CompletedTask
            : Run(
                ["chown", "--", $"{User}:{User}", path],
                $"cannot give {path} to {User}",
                cancellationToken,
                asUs: true
            );

    private static void OwnNow(string path)
    {
        if (User is not null)
        {
            using var chown = Process.Start("chown", ["--", $"{User}:{User}", path]);
            chown.WaitForExit();
        }
    }

    /// <summary>Whether the user of PostgreSQL may enter the folder: each folder above it counts.</summary>
    public static async Task<bool> CanReachAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            await Run(["test", "-x", folder], "not reachable", cancellationToken);
            return true;
        }
        catch (StepFailed)
        {
            return false;
        }
    }

    private static async Task RefuseUnreachable(string folder, CancellationToken cancellationToken)
    {
        if (!await CanReachAsync(folder, cancellationToken))
        {
            throw new StepFailed(
                $"the user {User ?? Environment.UserName} cannot reach {folder}: a folder above it is closed to others",
                "choose a data folder that other users may pass through, such as --data /var/lib/kalisecu"
            );
        }
    }

    private static async Task Run(
        IReadOnlyList<string> program,
        string problem,
        CancellationToken cancellationToken,
        bool asUs = false
    )
    {
        using var process = await ChildProcess.StartAsync(
            program,
            "TERM",
            asUs ? null : User,
            start =>
            {
                start.RedirectStandardError = true;
                start.RedirectStandardOutput = true;
                start.WorkingDirectory = "/";
            }
        );
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new StepFailed($"{problem}: {errors.Trim()}", "solve what it says, then run the command again");
        }
    }
}
