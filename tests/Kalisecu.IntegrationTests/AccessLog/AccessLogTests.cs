using Grpc.Core;
using Kalisecu.AccessLog.V1;
using Kalisecu.Certificates;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.AccessLog;

public sealed class AccessLogTests(TestServer server) : IClassFixture<TestServer>
{
    private const string List = "kalisecu.access_log.v1.AccessLogService/ListAccessEntries";

    private readonly Given _given = new(server);

    private AccessLogService.AccessLogServiceClient Dashboard => new(server.Channel(SpiffeKind.Frontend, "dashboard"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answered_call_says_who_called_what_in_which_tenant()
    {
        var tenant = await _given.TenantAsync();
        var dpo = await _given.SignedInAsync(Role.StaffDpo, tenant);
        await ListAsync(dpo);

        var entry = Assert.Single(await ListAsync(dpo));

        Assert.Equal(
            (List, AccessOutcome.Allowed, "", "frontend", "dashboard", "staff_dpo", tenant.ToString()),
            (entry.Method, entry.Outcome, entry.Reason, entry.CallerKind, entry.CallerName, entry.Role, entry.TenantId)
        );
        Assert.NotEmpty(entry.PersonId);
        Assert.NotEmpty(entry.SessionId);
        Assert.Equal(32, entry.ChainDigest.Length);
    }

    [Fact]
    public async Task A_call_that_is_refused_by_its_role_leaves_an_entry()
    {
        var tenant = await _given.TenantAsync();
        var reader = await _given.SignedInAsync(Role.MemberReader, tenant);
        await RefusedAsync(() => ListAsync(reader), StatusCode.PermissionDenied);

        var entry = Assert.Single(await ListAsync(await _given.SignedInAsync(Role.StaffDpo, tenant)));

        Assert.Equal(
            (AccessOutcome.Refused, "ROLE_NOT_ALLOWED", "member_reader"),
            (entry.Outcome, entry.Reason, entry.Role)
        );
    }

    [Fact]
    public async Task A_call_that_is_refused_before_its_caller_is_known_leaves_an_entry_with_the_certificate()
    {
        var nobody = new Metadata { { "kalisecu-session", "no-such-token" } };
        var client = new AccessLogService.AccessLogServiceClient(server.Channel(SpiffeKind.Frontend, "intruder"));
        await RefusedAsync(
            async () => await client.ListAccessEntriesAsync(new(), nobody, cancellationToken: Cancel),
            StatusCode.Unauthenticated
        );

        var all = await Dashboard.ListAllAccessEntriesAsync(
            new ListAllAccessEntriesRequest(),
            await _given.SignedInAsync(Role.StaffAdministrator),
            cancellationToken: Cancel
        );

        var entry = Assert.Single(all.Entries, e => e.CallerName is "intruder");
        Assert.Equal(
            ("SESSION_NOT_VALID", AccessOutcome.Refused, "", ""),
            (entry.Reason, entry.Outcome, entry.PersonId, entry.TenantId)
        );
    }

    [Fact]
    public async Task A_request_that_breaks_a_rule_leaves_an_entry_and_names_its_objects()
    {
        var tenant = await _given.TenantAsync();
        var dpo = await _given.SignedInAsync(Role.StaffDpo, tenant);
        var person = Guid.CreateVersion7().ToString();
        var wrong = new ListAccessEntriesRequest
        {
            PageSize = -1,
            Filter = new AccessFilter { PersonId = person },
        };
        await RefusedAsync(
            async () => await Dashboard.ListAccessEntriesAsync(wrong, dpo, cancellationToken: Cancel),
            StatusCode.InvalidArgument
        );

        var entry = Assert.Single(await ListAsync(dpo));

        Assert.Equal("INVALID_REQUEST", entry.Reason);
        Assert.Equal(("person", person), (entry.Objects[0].Kind, entry.Objects[0].ObjectId));
    }

    [Fact]
    public async Task Nothing_is_answered_before_its_entry_is_durable()
    {
        var tenant = await _given.TenantAsync();
        var dpo = await _given.SignedInAsync(Role.StaffDpo, tenant);
        await ListAsync(dpo);
        await using var source = server.Database.OpenSuperuser();
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using var block = connection.CreateCommand();
        // Readers pass, writers wait.
        block.CommandText = "lock table access_entries in exclusive mode";
        await block.ExecuteNonQueryAsync(Cancel);

        var call = ListAsync(dpo);
        var first = await Task.WhenAny(call, Task.Delay(TimeSpan.FromSeconds(1), Cancel));
        await transaction.RollbackAsync(Cancel);

        Assert.NotSame(call, first);
        await call;
    }

    [Fact]
    public async Task A_thousand_calls_at_once_leave_a_thousand_entries_in_a_whole_chain()
    {
        var tenant = await _given.TenantAsync();
        var dpo = await _given.SignedInAsync(Role.StaffDpo, tenant);

        await Task.WhenAll(
            Enumerable
                .Range(0, 1000)
                .Select(async _ =>
                    await Dashboard.ListAccessEntriesAsync(
                        new ListAccessEntriesRequest { PageSize = 1 },
                        dpo,
                        cancellationToken: Cancel
                    )
                )
        );

        Assert.Equal(
            1000,
            await _given.AskAsync<long>("select count(*) from access_entries where tenant_id = $1", tenant)
        );
        var operators = new AccessLogService.AccessLogServiceClient(server.Channel(SpiffeKind.Operator, "ops"));
        var found = await operators.VerifyAccessLogAsync(new(), cancellationToken: Cancel);
        Assert.Empty(found.Breaks);
        Assert.True(found.EntryCount >= 1000);
    }

    [Fact]
    public async Task A_tenant_reads_its_own_entries_page_by_page_and_no_others()
    {
        var (tenant, other) = (await _given.TenantAsync(), await _given.TenantAsync());
        var owner = await _given.SignedInAsync(Role.MemberOwner, tenant);
        await ListAsync(await _given.SignedInAsync(Role.StaffDpo, other));
        await ListAsync(owner);
        await ListAsync(owner);

        var first = await Dashboard.ListAccessEntriesAsync(new() { PageSize = 1 }, owner, cancellationToken: Cancel);
        var second = await Dashboard.ListAccessEntriesAsync(
            new() { PageSize = 1, PageToken = first.NextPageToken },
            owner,
            cancellationToken: Cancel
        );

        Assert.All([.. first.Entries, .. second.Entries], e => Assert.Equal(tenant.ToString(), e.TenantId));
        Assert.NotEqual(Assert.Single(first.Entries).Sequence, Assert.Single(second.Entries).Sequence);
        Assert.Empty(second.NextPageToken);
    }

    private async Task<IReadOnlyList<AccessEntry>> ListAsync(Metadata headers) =>
        (await Dashboard.ListAccessEntriesAsync(new(), headers, cancellationToken: Cancel)).Entries;

    private static async Task RefusedAsync(Func<Task> call, StatusCode status) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
}
