using System.Diagnostics;
using System.Globalization;
using Kalisecu.Certificates;
using Kalisecu.Deliveries;

namespace Kalisecu.TestKit;

/// <summary>Debian's aiosmtpd as a mail relay of its own process: what it took stands in a file, and it dies with us.</summary>
internal sealed class SmtpServer : IDisposable
{
    public const string User = "relay-user";
    public const string Password = "relay-password-1";

    private readonly TestFolder _folder;
    private readonly Process _process;

    private SmtpServer(TestFolder folder, Process process, int port) =>
        (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public Process Process => _process;

    /// <summary>Message-ID and recipient of each letter it took, in their order.</summary>
    public IReadOnlyList<(string MessageId, string Recipient)> Taken =>
        [.. File.ReadAllLines(_folder["mailbox"]).Select(l => l.Split('\t')).Select(p => (p[0], p[1]))];

    /// <summary>Starts it on a port that the system chooses.</summary>
    /// <param name="tls">How it speaks TLS: <c>starttls</c>, <c>implicit</c> or <c>none</c>.</param>
    /// <param name="signIn">Whether it takes letters only from who signed in.</param>
    /// <param name="authorities">Who vouches for it.</param>
    public static async Task<SmtpServer> StartAsync(
        TestAuthorities authorities,
        string tls = "starttls",
        bool signIn = true
    )
    {
        var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["mailbox"], []);
        var (certificate, key) = TestAuthorities.Save(
            authorities.Issue(SpiffeKind.Server, "relay"),
            folder.Path,
            "relay"
        );
        // Debian's own python: another one does not see Debian's packages.
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "smtp_server.py"),
            folder["mailbox"],
            "--tls",
            tls,
            "--certificate",
            certificate,
            "--key",
            key,
        ];
        foreach (var argument in signIn ? [.. arguments, "--user", User, "--password", Password] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync();
        return new SmtpServer(folder, process, int.Parse(port!, CultureInfo.InvariantCulture));
    }

    /// <summary>How a worker is told to use it.</summary>
    public DeliveryOptions.SmtpOptions Options(TestFolder folder, TestAuthorities authorities)
    {
        File.WriteAllText(folder["relay-ca.crt"], authorities.ServicesRoots[0].ExportCertificatePem());
        File.WriteAllText(folder["relay-user"], User + "\n");
        File.WriteAllText(folder["relay-password"], Password + "\n");
        return new DeliveryOptions.SmtpOptions
        {
            Host = "localhost",
            Port = Port,
            AuthorityFile = folder["relay-ca.crt"],
            UserFile = folder["relay-user"],
            PasswordFile = folder["relay-password"],
        };
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
