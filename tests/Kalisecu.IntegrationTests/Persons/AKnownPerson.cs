using Google.Protobuf.Reflection;
using Grpc.Core;
using Kalisecu.Accounts;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.IntegrationTests.Access;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.IntegrationTests.Persons;

/// <summary>A member of whom every store holds something, in a tenant with a site, and the rows of somebody else beside.</summary>
internal sealed class AKnownPerson
{
    public const string FirstName = "Apolline";
    public const string LastName = "Quenneville";

    private readonly TestServer _server;
    private readonly Given _given;

    private AKnownPerson(TestServer server) => (_server, _given) = (server, server.Given);

    public PersonRef Ref { get; private set; } = new(Guid.Empty, Guid.Empty, PersonKind.Member);

    public Guid Tenant => Ref.TenantId;

    public string Email => $"apolline.{Tenant:N}@client.example";

    public Guid Other { get; private set; }

    public Guid Authorisation { get; private set; }

    public Guid Site { get; private set; }

    public Guid Credential { get; } = Guid.CreateVersion7();

    public Guid Agent { get; private set; }

    public Guid Finding { get; } = Guid.CreateVersion7();

    public Guid Session { get; } = Guid.CreateVersion7();

    public string Token { get; } = OpaqueToken.New();

    public Metadata Headers => new() { { CallerIdentification.SessionHeader, Token } };

    private DataKey Key => _given.KeyOf(Tenant);

    private Instant Now => _server.Clock.GetCurrentInstant();

    /// <summary>What a field of this name can point to: the person and its things, else what is there or nothing.</summary>
    public Guid Of(string field) =>
        field switch
        {
            "person_id" or "member_id" or "account_id" or "signer_id" => Ref.PersonId,
            "session_id" => Session,
            "credential_id" => Credential,
            "finding_id" => Finding,
            "authorisation_id" => Authorisation,
            "site_id" => Site,
            "agent_id" => Agent,
            "tenant_id" => Tenant,
            _ => Nothing,
        };

    /// <summary>The same, with somebody in the person's place who does not exist.</summary>
    public Func<string, Guid> WithAnother()
    {
        var nobody = Guid.CreateVersion7();
        return field => IsOfThePerson(field) ? nobody : Of(field);
    }

    public static bool AsksFor(MethodDescriptor method) => MatrixRequests.IdFields(method).Any(IsOfThePerson);

    public static async Task<AKnownPerson> OfAsync(TestServer server)
    {
        var known = new AKnownPerson(server);
        var tenant = await server.Given.TenantAsync();
        known.Ref = new PersonRef(tenant, Guid.Empty, PersonKind.Member);
        var id = await server.Given.PersonAsync(tenant, PersonKind.Member, known.Email, FirstName, LastName);
        known.Ref = new PersonRef(tenant, id, PersonKind.Member);
        known.Other = await server.Given.PersonAsync(tenant, PersonKind.Member, $"other.{tenant:N}@client.example");
        await known.SignInAsync();
        await known.WorkAsync();
        await known.WriteLettersAsync();
        return known;
    }

    private async Task SignInAsync()
    {
        var hash = _server.Services.GetRequiredService<KeyRing>().HashEmail(Email);
        await _given.RunAsync(
            "insert into credentials (tenant_id, person_id, email_hash, sign_in_time) values ($1, $2, $3, $4)",
            Tenant,
            Ref.PersonId,
            hash,
            Now
        );
        await _given.RunAsync(
            """
            insert into sessions (tenant_id, session_id, token_hash, person_id, role, multi_factor, frontend, create_time,
                use_time, expire_time)
            values ($1, $2, $3, $4, 'MemberOwner', true, 'dashboard', $5, $5, $6)
            """,
            Tenant,
            Session,
            OpaqueToken.Hash(Token),
            Ref.PersonId,
            Now,
            Now + Duration.FromHours(8)
        );
        // The log is chained: its entry comes from a call.
        var desk = new MemberService.MemberServiceClient(_server.Channel(SpiffeKind.Frontend, "dashboard"));
        await desk.ListMembersAsync(new ListMembersRequest(), Headers);
        await _given.RunAsync(
            """
            insert into request_receipts (tenant_id, request_id, request_digest, response, person_id, create_time)
            values ($1, gen_random_uuid(), $2, $2, $3, $4)
            """,
            Tenant,
            new byte[32],
            Ref.PersonId,
            Now
        );
    }

    private async Task WorkAsync()
    {
        var site = Site = await _given.SiteAsync(Tenant);
        Agent = await _given.AgentAsync(Tenant);
        Authorisation = await _given.AuthorisationAsync(Tenant, site, "https://shop.example.fr");
        await _given.RunAsync(
            "update authorisation_signers set person_id = $2 where authorisation_id = $1",
            Authorisation,
            Ref.PersonId
        );
        var credential = Credential;
        await _given.RunAsync(
            """
            insert into site_credentials (tenant_id, credential_id, site_id, name, login_url, user_name, secret, create_time,
                update_time)
            values ($1, $2, $3, 'own account', 'https://shop.example.fr/', $4, $5, $6, $6)
            """,
            Tenant,
            credential,
            site,
            Key.EncryptText(Email, "user_name", credential),
            Key.EncryptText("open-sesame", "secret", credential),
            Now
        );
        await _given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
                reference_urls, open_occurrence_count, open_time, dismissal_kind, dismissal_justification, dismissal_person_id,
                dismissal_time)
            values ($1, $2, $3, 'zap:10038', 3, 'Open', 'No policy', '', '{}', '{}', 1, $5, 'AcceptedRisk', 'known', $4, $5)
            """,
            Tenant,
            Finding,
            site,
            Ref.PersonId,
            Now
        );
        await _given.RunAsync(
            """
            insert into finding_events (tenant_id, finding_id, event_id, kind, event_time, person_id, dismissal_kind)
            values ($1, $2, gen_random_uuid(), 'Dismissed', $3, $4, 'AcceptedRisk')
            """,
            Tenant,
            Finding,
            Now,
            Ref.PersonId
        );
    }

    private Guid Nothing { get; } = Guid.CreateVersion7();

    private static bool IsOfThePerson(string field) =>
        field is "person_id" or "member_id" or "account_id" or "signer_id" or "session_id" or "credential_id";

    private Task WriteLettersAsync() =>
        _server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                Tenant,
                async db =>
                {
                    await PostAsync(db, LetterNature.Required);
                    await PostAsync(db, LetterNature.Service);
                },
                CancellationToken.None
            );

    public Task<bool> PostAsync(KalisecuDb db, LetterNature nature, string occasion = "first") =>
        _server
            .Services.GetRequiredService<LetterBox>()
            .PostAsync(
                db,
                new LetterDraft(
                    $"{occasion}/{nature}/{Ref.PersonId:D}",
                    "test.letter",
                    nature,
                    Ref.PersonId,
                    Email,
                    Outbox.Language.Fr,
                    new LetterText("Bonjour", $"Bonjour {LastName}", Html: null),
                    "test",
                    Ref.PersonId,
                    PersonTenantId: Tenant
                ),
                CancellationToken.None
            );
}
