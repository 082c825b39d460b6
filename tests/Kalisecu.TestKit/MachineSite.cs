using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kalisecu.Agent.Catalogue;
using Kalisecu.Agent.Enrolment;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Spool;
using Kalisecu.Certificates;
using Kalisecu.Findings.V1;
using NodaTime;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>A tenant with one site on a <see cref="TestMachine"/> and the state folder of its agent.</summary>
internal sealed class MachineSite : IDisposable
{
    private const int Checks = 150;

    private static readonly string Catalogue = CheckCatalogue.Load().Version;

    private readonly TestMachine _machine;
    private readonly TestFolder _folder = new();

    private MachineSite(TestMachine machine)
    {
        _machine = machine;
        State = new StateFolder(_folder["state"]);
        State.Create();
        Spool = new SpoolFolder(State.Path);
    }

    public Guid Tenant { get; } = Guid.CreateVersion7();

    public Guid Site { get; } = Guid.CreateVersion7();

    public Guid Agent { get; } = Guid.CreateVersion7();

    public StateFolder State { get; }

    public SpoolFolder Spool { get; }

    public static async Task<MachineSite> OfAsync(TestMachine machine, CancellationToken cancellationToken)
    {
        var site = new MachineSite(machine);
        site.SaveIdentity();
        await using var connection = new NpgsqlConnection(machine.Superuser.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with tenant as (
                insert into tenants (tenant_id, display_name, slug, plan, language, state, create_time)
                values (@tenant, 'Client', 'client-' || @tenant, 'Surveillance', 'Fr', 'Open', now())
            ), site as (
                insert into sites (tenant_id, site_id, display_name, url, technologies, state, create_time)
                values (@tenant, @site, 'The shop', 'https://shop.example.fr/', '{}', 'Open', now())
            ), agent as (
                insert into agents (tenant_id, agent_id, display_name, create_time, enrol_time, certificate_expire_time)
                values (@tenant, @agent, 'scanner', now(), now(), now() + interval '1 day')
            )
            insert into authorisations (tenant_id, authorisation_id, site_id, origins, start_time, end_time, document_digest, document_size_bytes, document_object, create_time)
            values (@tenant, gen_random_uuid(), @site, '{https://shop.example.fr}', now() - interval '1 day',
                now() + interval '1 year', decode(repeat('00', 32), 'hex'), 1000, 'none', now())
            """,
            connection
        );
        command.Parameters.AddWithValue("tenant", site.Tenant);
        command.Parameters.AddWithValue("site", site.Site);
        command.Parameters.AddWithValue("agent", site.Agent);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return site;
    }

    /// <summary>Spools a scan of the whole site: about 480 bytes for each occurrence, as they lie in the table.</summary>
    /// <param name="places">Their numbers: scans that name the same ones saw the same.</param>
    public SpoolEntry Scan(IEnumerable<int> places)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var facts = new ScanFacts(
            Guid.CreateVersion7(),
            Site,
            "zap",
            "2.16",
            Catalogue,
            now - Duration.FromMinutes(5),
            now
        );
        using var writer = new SpoolWriter(Spool, facts);
        var exchange = Encoding.ASCII.GetBytes("GET /search HTTP/1.1\r\nhost: shop.example.fr\r\n".PadRight(200, 'x'));
        var findings = new Dictionary<int, Guid>();
        foreach (var number in places)
        {
            var check = number % Checks;
            if (!findings.TryGetValue(check, out var finding))
            {
                findings[check] = finding = AddFinding(writer, $"zap:{check}");
            }

            var place = $"GET https://shop.example.fr/catalogue/products/detail/{number:D9}?colour=blue [colour]";
            writer.AddOccurrence(finding, ContentIds.Occurrence(finding, place), place, exchange);
        }

        return writer.Commit(complete: true, wholeSite: true, []);
    }

    public void Dispose() => _folder.Dispose();

    private Guid AddFinding(SpoolWriter writer, string check)
    {
        writer.AddFinding(
            new FindingBody
            {
                Check = check,
                Rule = check,
                Severity = Severity.Medium,
                Title = $"Title of {check}",
                Description = new string('d', 200),
                CweNumbers = { 79 },
            }
        );
        return ContentIds.Finding(Site, check);
    }

    private void SaveIdentity()
    {
        using var certificate = _machine.Authorities.Issue(SpiffeKind.Agent, Agent.ToString("D"));
        using var key = certificate.GetECDsaPrivateKey()!;
        new AgentIdentity(
            Agent,
            Tenant,
            "scanner",
            _machine.Address,
            key.ExportPkcs8PrivateKeyPem(),
            [certificate.ExportCertificatePem()],
            [.. _machine.Authorities.ServicesRoots.Select(root => root.ExportCertificatePem())],
            "2099-01-01T00:00:00Z",
            "2099-01-02T00:00:00Z"
        ).Save(State);
    }
}
