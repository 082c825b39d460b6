using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kalisecu.Certificates;
using Kalisecu.Cli.OneMachine;
using NodaTime;

namespace Kalisecu.Cli.Commands;

/// <summary>Certificates of this machine's own authorities. Agents get theirs by enrolment, never here.</summary>
internal static class CertsCommand
{
    private static readonly Argument<string> Kind = new("kind")
    {
        Description = "What the holder is: frontend, worker, operator or server",
    };

    private static readonly Argument<string> Name = new("name")
    {
        Description = "The holder's name: letters, digits, '.', '_' and '-'",
    };

    private static readonly Option<string> Folder = new("--out")
    {
        Description = "Folder for NAME.crt, NAME.key and services-ca.crt",
        HelpName = "FOLDER",
        Required = true,
    };

    private static readonly Argument<string> Shown = new("file") { Description = "A certificate, PEM" };

    private static readonly Option<string> TrustDomain = new("--trust-domain")
    {
        Description = "Trust domain of new authorities",
        HelpName = "NAME",
        DefaultValueFactory = _ => MachineSettings.DefaultTrustDomain,
    };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("frontend", "worker", "operator", "server");
        return new Command("certs", "Certificates of this machine's own authorities")
        {
            new Command("init", "Make the authorities and this machine's certificates") { TrustDomain }.Runs(Init),
            new Command("issue", "Issue a certificate") { Kind, Name, Folder }.Runs(Issue),
            new Command("show", "Show what a certificate says") { Shown }.Runs(Show),
        };
    }

    private static Task<int> Init(Invocation run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        run.Data.Prepare();
        var trustDomain = MachineCertificates.TrustDomain(run.Data) ?? run.Get(TrustDomain);
        if (!SpiffeId.IsTrustDomain(trustDomain))
        {
            throw new StepFailed($"'{trustDomain}' is no trust domain", "use small letters, digits, '-' and '.'");
        }

        MachineCertificates.Ensure(run.Data, trustDomain, SystemClock.Instance.GetCurrentInstant());
        run.Output.Say($"The authorities of {trustDomain} and their certificates are in {run.Data.Pki}.");
        return Task.FromResult(ExitCodes.Ok);
    }

    private static Task<int> Issue(Invocation run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (name, folder) = (run.Get(Name), run.Get(Folder));
        if (!SpiffeId.IsName(name))
        {
            throw new StepFailed($"'{name}' is no name", "use 1 to 64 letters, digits, '.', '_' and '-'");
        }

        using var authority = MachineCertificates.Services(run.Data);
        var draft = MachineCertificates.Draft(authority.TrustDomain, SpiffeId.ReadKind(run.Get(Kind))!.Value, name);
        using var certificate = authority.Issue(draft, SystemClock.Instance.GetCurrentInstant());
        Directory.CreateDirectory(folder);
        PemFiles.Write(certificate, Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));
        PemFiles.WriteCertificate(authority.Certificate, Path.Combine(folder, "services-ca.crt"));
        Print(run, certificate);
        return Task.FromResult(ExitCodes.Ok);
    }

    private static Task<int> Show(Invocation run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(run.Get(Shown));
            Print(run, certificate);
        }
        catch (CryptographicException exception)
        {
            throw new StepFailed($"{run.Get(Shown)} is no certificate", "give a PEM file", exception);
        }

        return Task.FromResult(ExitCodes.Ok);
    }

    private static void Print(Invocation run, X509Certificate2 certificate) =>
        run.Output.Item(
            CertificateFacts.Of(certificate),
            new("Identity", c => string.Join(", ", c.Identities)),
            new("Subject", c => c.Subject),
            new("Issuer", c => c.Issuer),
            new("Valid", c => $"{c.NotBefore} to {c.NotAfter}"),
            new("Serial", c => c.SerialNumber),
            new("SHA-256", c => c.Sha256)
        );
}

internal sealed record CertificateFacts(
    IReadOnlyList<string> Identities,
    string Subject,
    string Issuer,
    string NotBefore,
    string NotAfter,
    string SerialNumber,
    string Sha256
)
{
    public static CertificateFacts Of(X509Certificate2 certificate) =>
        new(
            UriSans.Of(certificate),
            certificate.Subject,
            certificate.Issuer,
            Moment(certificate.NotBefore),
            Moment(certificate.NotAfter),
            certificate.SerialNumber,
            certificate.GetCertHashString(HashAlgorithmName.SHA256)
        );

    private static string Moment(DateTime time) => Instant.FromDateTimeUtc(time.ToUniversalTime()).ToString();
}
