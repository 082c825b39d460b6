using Kalisecu.IntegrationTests.Accounts;
using Kalisecu.IntegrationTests.Tenants;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using MemberRole = Kalisecu.Tenants.V1.MemberRole;

namespace Kalisecu.IntegrationTests.Persons;

public sealed class PersonDirectoryTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly PersonDirectory _directory = server.Services.GetRequiredService<PersonDirectory>();
    private readonly AllTenants _allTenants = server.Services.GetRequiredService<AllTenants>();
    private readonly RestrictedRows _restrictedRows = server.Services.GetRequiredService<RestrictedRows>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_of_two_tenants_is_found_in_both_by_one_address()
    {
        var desk = new ClientDesk(server);
        var (first, second) = (await desk.ClientAsync(), await desk.ClientAsync());
        var invitations = new[]
        {
            await InviteAsync(desk, first, "Both.Places@client.example"),
            await InviteAsync(desk, second, " both.places@CLIENT.example"),
        };

        var found = await FindAsync("both.places@client.example");

        Assert.Equal(
            new[] { (first.Tenant, invitations[0]), (second.Tenant, invitations[1]) }.ToHashSet(),
            found.Select(Key).ToHashSet()
        );
        Assert.All(found, p => Assert.Equal(PersonKind.Member, p.Kind));
        var identity = await IdentityAsync(found.Single(p => p.TenantId == first.Tenant));
        Assert.Equal(
            ("Camille", "Martin", "Both.Places@client.example", Language.Fr),
            (identity!.FirstName, identity.LastName, identity.Email, identity.Language)
        );
    }

    [Fact]
    public async Task A_colleague_is_registered_under_the_platform()
    {
        var created = await new StaffDesk(server).InviteAsync();

        var found = Assert.Single(await FindAsync(created.Account.Email));

        Assert.Equal((TenantScope.Platform, Guid.Parse(created.Account.AccountId)), Key(found));
        Assert.Equal(PersonKind.Staff, found.Kind);
        Assert.Equal("Claire Martin", (await IdentityAsync(found))!.Name);
    }

    [Fact]
    public async Task Who_signs_twice_is_one_contact_and_a_member_who_signs_stays_the_member()
    {
        var desk = new ClientDesk(server);
        var client = await desk.ClientAsync();
        var site = await desk.SiteAsync(client.Analyst);
        var member = await InviteAsync(desk, client, "owner@signs.example");
        foreach (var signer in (string[])["signer@signs.example", "Signer@signs.example", "owner@signs.example"])
        {
            var header = desk.Header(site.SiteId);
            header.SignerEmail = signer;
            await desk.UploadAsync(header, ClientDesk.Pdf(100), client.Analyst);
        }

        var contact = Assert.Single(await FindAsync("signer@signs.example"));
        var owner = Assert.Single(await FindAsync("owner@signs.example"));

        Assert.Equal((client.Tenant, PersonKind.Contact), (contact.TenantId, contact.Kind));
        Assert.Equal("Camille Martin", (await IdentityAsync(contact))!.Name);
        Assert.Equal((member, PersonKind.Member), (owner.PersonId, owner.Kind));
        Assert.Equal(2L, await SignedByAsync(contact));
        Assert.Equal(1L, await SignedByAsync(owner));
    }

    [Fact]
    public async Task A_restricted_person_is_seen_through_restricted_rows_alone()
    {
        var tenant = await server.Given.TenantAsync();
        var id = await server.Given.PersonAsync(tenant, PersonKind.Contact, "quiet@client.example");
        await server.Given.RunAsync("update persons set restrict_time = now() where person_id = $1", id);

        Assert.Empty(await FindAsync("quiet@client.example"));
        var found = Assert.Single(
            await _restrictedRows.InAllTenantsAsync(
                db => _directory.FindByEmailAsync(db, "quiet@client.example", Cancel),
                Cancel
            )
        );
        Assert.Null(await IdentityAsync(found));
        var identity = await _restrictedRows.InTenantAsync(
            tenant,
            db => _directory.IdentityAsync(db, found, Cancel),
            Cancel
        );
        Assert.Equal("quiet@client.example", identity!.Email);
    }

    private static (Guid, Guid) Key(PersonRef person) => (person.TenantId, person.PersonId);

    private static async Task<Guid> InviteAsync(
        ClientDesk desk,
        (Guid Tenant, Grpc.Core.Metadata Analyst) client,
        string email
    )
    {
        var request = new Kalisecu.Tenants.V1.InviteMemberRequest
        {
            Email = email,
            FirstName = "Camille",
            LastName = "Martin",
            Role = MemberRole.Owner,
        };
        var made = await desk.Members.InviteMemberAsync(request, client.Analyst, cancellationToken: Cancel);
        return Guid.Parse(made.Member.MemberId);
    }

    private Task<IReadOnlyList<PersonRef>> FindAsync(string email) =>
        _allTenants.RunAsync(db => _directory.FindByEmailAsync(db, email, Cancel), Cancel);

    private Task<PersonIdentity?> IdentityAsync(PersonRef person) =>
        _allTenants.RunAsync(db => _directory.IdentityAsync(db, person, Cancel), Cancel);

    private Task<long> SignedByAsync(PersonRef person) =>
        server.Given.AskAsync<long>("select count(*) from authorisation_signers where person_id = $1", person.PersonId);
}
