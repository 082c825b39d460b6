using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Hosting;

public sealed class FaultTests(TestServer server) : IClassFixture<TestServer>
{
    // ErrorLog.Fault.
    private const int Fault = 1001;

    [Fact]
    public async Task A_fault_of_ours_is_answered_with_nothing_but_the_name_under_which_the_log_has_it()
    {
        server.Logs.Announce(Fault);
        var tenant = await server.Given.TenantAsync();
        var member = await DamagedMemberAsync(tenant);
        var members = new MemberService.MemberServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        var analyst = await server.Given.SignedInAsync(Role.StaffAnalyst, tenant);

        var refused = await Refused.WithAsync(
            ErrorReason.Internal,
            async () =>
                await members.GetMemberAsync(
                    new GetMemberRequest { MemberId = member.ToString("D") },
                    analyst,
                    cancellationToken: TestContext.Current.CancellationToken
                )
        );

        Assert.Equal(StatusCode.Internal, refused.StatusCode);
        var trace = refused.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Metadata["trace_id"];
        Assert.Equal(32, trace.Length);
        var logged = Assert.Single(server.Logs.Lines, l => l.EventId == Fault);
        Assert.Contains(trace, logged.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Cryptographic", refused.Status.Detail, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A row whose sealed columns are none: reading it is a fault.</summary>
    private async Task<Guid> DamagedMemberAsync(Guid tenant)
    {
        var member = Guid.CreateVersion7();
        await server.Given.RunAsync(
            """
            insert into members (tenant_id, member_id, email, email_hash, first_name, last_name, role, state, create_time)
            values ($1, $2, $3, $4, $3, $3, 'Reader', 'Active', now())
            """,
            tenant,
            member,
            new byte[64],
            new byte[32]
        );
        return member;
    }
}
