using Grpc.Core;
using Kalisecu.Accounts;
using Kalisecu.Hosting;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Kalisecu.TestKit;

/// <summary>
/// What a test starts from, written straight into the tables as the superuser: it needs no other capability to work, and
/// row security does not stand in its way.
/// </summary>
internal sealed class Given(TestServer server)
{
    private int _made;

    private Instant Now => server.Clock.GetCurrentInstant();

    private KeyRing Keys => server.Services.GetRequiredService<KeyRing>();

    public DataKey KeyOf(Guid tenant) => Keys.For(tenant);

    public async Task<Guid> TenantAsync(string? displayName = null)
    {
        var tenant = Ids.New(Now);
        await RunAsync(
            """
            insert into tenants (tenant_id, display_name, slug, plan, language, state, create_time)
            values ($1, $2, $3, 'Surveillance', 'Fr', 'Open', $4)
            """,
            tenant,
            displayName ?? $"Client {Next()}",
            $"client-{tenant:N}",
            Now
        );
        return tenant;
    }

    public async Task<Guid> SiteAsync(Guid tenant, string? url = null)
    {
        var site = Ids.New(Now);
        await RunAsync(
            """
            insert into sites (tenant_id, site_id, display_name, url, technologies, state, create_time)
            values ($1, $2, $3, $4, '{}', 'Open', $5)
            """,
            tenant,
            site,
            "The shop",
            url ?? $"https://shop-{Next()}.example.fr/",
            Now
        );
        return site;
    }

    /// <summary>In force from yesterday for a year.</summary>
    public async Task<Guid> AuthorisationAsync(Guid tenant, Guid site, params string[] origins)
    {
        var authorisation = Ids.New(Now);
        var key = Keys.For(tenant);
        await RunAsync(
            """
            insert into authorisations (tenant_id, authorisation_id, site_id, origins, start_time, end_time, document_digest,
                document_size_bytes, document_object, create_time)
            values ($1, $2, $3, $4, $5, $6, $7, 1000, 'none', $5)
            """,
            tenant,
            authorisation,
            site,
            origins,
            Now - Duration.FromDays(1),
            Now + Duration.FromDays(365),
            new byte[32]
        );
        await RunAsync(
            """
            insert into authorisation_signers (tenant_id, authorisation_id, person_id, name, email, function, create_time)
            values ($1, $2, $3, $4, $5, $6, $7)
            """,
            tenant,
            authorisation,
            await PersonAsync(tenant, PersonKind.Contact, "camille.martin@client.example"),
            key.EncryptText("Camille Martin", "signer_name", authorisation),
            key.EncryptText("camille.martin@client.example", "signer_email", authorisation),
            key.EncryptText("CTO", "signer_function", authorisation),
            Now
        );
        return authorisation;
    }

    /// <summary>A registered person; members also have their row, active, and no credential.</summary>
    public async Task<Guid> PersonAsync(
        Guid tenant,
        PersonKind kind,
        string email,
        string firstName = "Camille",
        string lastName = "Martin"
    )
    {
        var person = new PersonRef(tenant, Ids.New(Now), kind);
        var key = Keys.For(person.TenantId);
        var isHere = kind is PersonKind.Prospect or PersonKind.Contact;
        await RunAsync(
            """
            insert into persons (tenant_id, person_id, kind, email_hash, language, create_time, contact_time, email, first_name,
                last_name)
            values ($1, $2, $3, $4, 'Fr', $5, $5, $6, $7, $8)
            """,
            tenant,
            person.PersonId,
            kind.ToString(),
            Keys.HashEmail(email),
            Now,
            isHere ? key.EncryptText(email, PersonColumns.Email, person.PersonId) : DBNull.Value,
            isHere ? key.EncryptText(firstName, PersonColumns.FirstName, person.PersonId) : DBNull.Value,
            isHere ? key.EncryptText(lastName, PersonColumns.LastName, person.PersonId) : DBNull.Value
        );
        if (kind is PersonKind.Member)
        {
            await RunAsync(
                """
                insert into members (tenant_id, member_id, email, email_hash, first_name, last_name, role, state, create_time)
                values ($1, $2, $3, $4, $5, $6, 'Owner', 'Active', $7)
                """,
                tenant,
                person.PersonId,
                key.EncryptText(email, "email", person.PersonId),
                Keys.HashEmail(email),
                key.EncryptText(firstName, "first_name", person.PersonId),
                key.EncryptText(lastName, "last_name", person.PersonId),
                Now
            );
        }

        return person.PersonId;
    }

    /// <summary>An enrolled agent; <c>server.Channel(SpiffeKind.Agent, id.ToString())</c> speaks for it.</summary>
    public async Task<Guid> AgentAsync(Guid tenant)
    {
        var agent = Ids.New(Now);
        await RunAsync(
            """
            insert into agents (tenant_id, agent_id, display_name, create_time, enrol_time, certificate_expire_time)
            values ($1, $2, $3, $4, $4, $5)
            """,
            tenant,
            agent,
            $"scanner-{Next()}",
            Now,
            Now + Duration.FromDays(1)
        );
        return agent;
    }

    /// <summary>A scan that this agent holds the lease of, for an hour.</summary>
    public async Task<(Guid ScanId, Guid LeaseId)> LeaseAsync(Guid tenant, Guid site, Guid agent, string tool = "zap")
    {
        var (scan, lease) = (Ids.New(Now), Ids.New(Now));
        await RunAsync(
            """
            insert into scans (tenant_id, scan_id, site_id, tool, options, state, create_time, due_time, agent_initiated,
                agent_id, lease_id, lease_time, lease_expire_time)
            values ($1, $2, $3, $4, '{}', 'Leased', $5, $5, true, $6, $7, $5, $8)
            """,
            tenant,
            scan,
            site,
            tool,
            Now,
            agent,
            lease,
            Now + Duration.FromHours(1)
        );
        return (scan, lease);
    }

    /// <summary>Headers of a signed-in person: a member of the tenant, or staff who chose it.</summary>
    public async Task<Metadata> SignedInAsync(
        Role role,
        Guid? tenant = null,
        bool multiFactor = true,
        Guid? person = null
    )
    {
        var token = OpaqueToken.New();
        var isStaff = role is Role.StaffAnalyst or Role.StaffAdministrator or Role.StaffDpo;
        await RunAsync(
            """
            insert into sessions (tenant_id, session_id, token_hash, person_id, role, multi_factor, frontend, create_time,
                use_time, expire_time)
            values ($1, $2, $3, $4, $5, $6, 'dashboard', $7, $7, $8)
            """,
            isStaff ? TenantScope.Platform : tenant ?? throw new ArgumentNullException(nameof(tenant)),
            Ids.New(Now),
            OpaqueToken.Hash(token),
            person ?? Ids.New(Now),
            role.ToString(),
            multiFactor,
            Now,
            Now + Duration.FromHours(8)
        );
        var headers = new Metadata { { CallerIdentification.SessionHeader, token } };
        if (tenant is { } chosen)
        {
            headers.Add(CallerIdentification.TenantHeader, chosen.ToString("D"));
        }

        return headers;
    }

    /// <summary>Runs one statement as the superuser; values are positional.</summary>
    public async Task<int> RunAsync(string sql, params object[] values)
    {
        await using var command = server.Database.SuperuserSource.CreateCommand(sql);
        AddValues(command, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks for one value as the superuser.</summary>
    public async Task<T> AskAsync<T>(string sql, params object[] values)
    {
        await using var command = server.Database.SuperuserSource.CreateCommand(sql);
        AddValues(command, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static void AddValues(NpgsqlCommand command, object[] values)
    {
        foreach (var value in values)
        {
            _ = value is NpgsqlParameter made ? command.Parameters.Add(made) : command.Parameters.AddWithValue(value);
        }
    }

    private int Next() => Interlocked.Increment(ref _made);
}
