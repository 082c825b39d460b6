using Kalisecu.Compliance.V1;
using Kalisecu.IntegrationTests.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Policies.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Policies;

public sealed class TellMembersTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly PolicyDesk _desk = new(server);

    [Fact]
    public async Task A_substantial_change_is_written_once_to_every_member_in_the_members_language()
    {
        var (martin, dupont) = (await server.Given.TenantAsync("Martin"), await server.Given.TenantAsync("Dupont"));
        var french = await server.Given.PersonAsync(martin, PersonKind.Member, "anne@martin.example");
        var english = await server.Given.PersonAsync(dupont, PersonKind.Member, "bob@dupont.example");
        await server.Given.RunAsync("update persons set language = 'En' where person_id = $1", english);
        var gone = await server.Given.PersonAsync(dupont, PersonKind.Member, "gone@dupont.example");
        await server.Given.RunAsync(
            "update members set state = 'Removed', remove_time = now() where member_id = $1",
            gone
        );
        var draft = await _desk.DraftAsync(_desk.ADraft());
        var request = Guid.CreateVersion7().ToString();

        var published = await _desk.PublishAsync(draft.Number, request);
        var repeated = await _desk.PublishAsync(draft.Number, request);
        var notices = await _desk.NoticesAsync(draft.Number);

        Assert.Equal(published, repeated);
        Assert.Equal((uint)notices.Count, published.RecipientCount);
        Assert.Contains(notices, n => Is(n, martin, french));
        Assert.DoesNotContain(notices, n => Is(n, dupont, gone));
        Assert.All(notices, n => Assert.Equal(NoticeState.Queued, n.State));
        Assert.Contains("Une phrase est ajoutée.", await TextAsync(martin, french), StringComparison.Ordinal);
        Assert.Contains("A sentence is added.", await TextAsync(dupont, english), StringComparison.Ordinal);
        Assert.Equal("anne@martin.example", await RecipientAsync(martin, french));
    }

    [Fact]
    public async Task Ten_thousand_members_are_written_to_in_one_publication()
    {
        const int members = 10_000;
        var tenant = await server.Given.TenantAsync();
        await ManyAsync(tenant, members);
        var draft = await _desk.DraftAsync(_desk.ADraft());

        var published = await _desk.PublishAsync(draft.Number);

        Assert.True(published.RecipientCount >= members);
        Assert.Equal(
            published.RecipientCount,
            await server.Given.AskAsync<long>(
                """
                select count(distinct l.letter_id) from policy_notices n join letters l using (tenant_id, letter_id)
                where n.number = $1
                """,
                (int)draft.Number
            )
        );
    }

    [Fact]
    public async Task POL_2_A_letter_that_waits_for_more_than_a_day_breaks_it()
    {
        var compliance = new ComplianceDesk(server);
        var tenant = await server.Given.TenantAsync();
        await server.Given.PersonAsync(tenant, PersonKind.Member, "claire@waiting.example");
        var draft = await _desk.DraftAsync(_desk.ADraft());
        await _desk.PublishAsync(draft.Number);
        var underWay = await compliance.CheckAsync("POL-2", "change-letters");
        await server.Given.RunAsync(
            "update letters set create_time = create_time - interval '25 hours' where kind = 'policy.changed'"
        );
        var late = await compliance.CheckAsync("POL-2", "change-letters");
        await server.Given.RunAsync(
            "update letters set state = 'Sent', send_time = now() where kind = 'policy.changed'"
        );
        var sent = await compliance.CheckAsync("POL-2", "change-letters");

        Assert.Equal(ClauseState.Unproven, underWay.State);
        Assert.Equal(ClauseState.Broken, late.State);
        Assert.Equal(ClauseState.Holds, sent.State);
    }

    private static bool Is(PolicyNotice notice, Guid tenant, Guid member) =>
        Guid.Parse(notice.TenantId) == tenant && Guid.Parse(notice.MemberId) == member;

    private async Task<string> TextAsync(Guid tenant, Guid member)
    {
        var letter = await LetterAsync(tenant, member);
        var text = await server.Given.AskAsync<byte[]>("select text_body from letters where letter_id = $1", letter);
        return server.Given.KeyOf(tenant).DecryptText(text, "text_body", letter);
    }

    private async Task<string> RecipientAsync(Guid tenant, Guid member)
    {
        var letter = await LetterAsync(tenant, member);
        var address = await server.Given.AskAsync<byte[]>("select recipient from letters where letter_id = $1", letter);
        return server.Given.KeyOf(tenant).DecryptText(address, "recipient", letter);
    }

    private Task<Guid> LetterAsync(Guid tenant, Guid member) =>
        server.Given.AskAsync<Guid>(
            "select letter_id from letters where tenant_id = $1 and person_id = $2 and kind = 'policy.changed' limit 1",
            tenant,
            member
        );

    // As many rows in one statement: one at a time would take longer than what is tested.
    private async Task ManyAsync(Guid tenant, int count)
    {
        var key = server.Given.KeyOf(tenant);
        var now = server.Clock.GetCurrentInstant();
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        var emails = ids.Select(id => key.EncryptText($"{id:N}@many.example", "email", id)).ToArray();
        var hashes = ids.Select(id => System.Security.Cryptography.SHA256.HashData(id.ToByteArray())).ToArray();
        await server.Given.RunAsync(
            """
            insert into persons (tenant_id, person_id, kind, email_hash, language, create_time)
            select $1, id, 'Member', hash, 'Fr', $4 from unnest($2::uuid[], $3::bytea[]) as m (id, hash)
            """,
            tenant,
            ids,
            hashes,
            now
        );
        await server.Given.RunAsync(
            """
            insert into members (tenant_id, member_id, email, email_hash, first_name, last_name, role, state, create_time)
            select $1, id, email, hash, email, email, 'Reader', 'Active', $5
            from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as m (id, email, hash)
            """,
            tenant,
            ids,
            emails,
            hashes,
            now
        );
    }
}
