using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Kalisecu.Access;
using Kalisecu.Access.V1;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using static System.StringComparison;
using ContractDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>
/// Every RPC of the contract × every kind of caller × own and foreign tenant, from the descriptors: a new RPC is judged
/// without anyone remembering, and one that cannot be judged fails here.
/// </summary>
public sealed class AccessMatrixTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private static readonly HashSet<string> AtTheEdge = new(StringComparer.Ordinal)
    {
        "CERTIFICATE_REQUIRED",
        "CERTIFICATE_NOT_ACCEPTED",
        "CALLER_NOT_ALLOWED",
        "SESSION_REQUIRED",
        "SESSION_NOT_VALID",
        "ROLE_NOT_ALLOWED",
        "SECOND_FACTOR_REQUIRED",
        "TENANT_REQUIRED",
        "TENANT_NOT_ALLOWED",
        "AGENT_REVOKED",
    };

    // Admitted, it looks for the person of the session, and the sessions of this test are nobody's.
    private const string OwnSession = "kalisecu.accounts.v1.SessionService.GetSession";

    private readonly Given _given = new(server);
    private readonly MatrixCalls _calls = new(server);

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task Every_method_lets_in_whom_its_rule_names_and_refuses_everybody_else_with_the_catalogued_reason()
    {
        var own = await MatrixWorld.CreateAsync(_given);
        var revoked = await RevokedAgentAsync(own.Tenant);
        var wrong = new List<string>();
        foreach (var caller in MatrixCaller.All)
        {
            var invoker = _calls.Invoker(caller, caller.IsRevoked ? revoked : own.Agent);
            foreach (var method in _calls.Methods())
            {
                var headers = await caller.HeadersAsync(_given, own.Tenant);
                var answer = await RawCalls.CallAsync(invoker, method, MatrixRequests.Empty(method), headers);
                var expected = caller.Refusal(MatrixCalls.Rule(method));
                var isRight = expected is null
                    ? (method.FullName is OwnSession || !AtTheEdge.Contains(answer.Reason))
                        && answer.Status is not (StatusCode.Internal or StatusCode.Unknown)
                    : string.Equals(answer.Reason, expected, StringComparison.Ordinal);
                if (!isRight)
                {
                    wrong.Add($"{method.FullName} by {caller.Name}: {answer}, expected {expected ?? "to be let in"}");
                }
            }
        }

        Assert.NotEmpty(_calls.Methods());
        AssertNone(wrong);
    }

    [Fact]
    public async Task No_method_answers_without_a_certificate()
    {
        using var channel = server.Connect(certificate: null);
        var invoker = channel.CreateCallInvoker();
        foreach (var method in _calls.Methods())
        {
            var answer = await RawCalls.CallAsync(invoker, method, MatrixRequests.Empty(method), []);

            // The handshake fails: the status is the client's own.
            Assert.Contains(answer.Status, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
            Assert.Equal("", answer.Reason);
        }
    }

    [Fact]
    public async Task Methods_inside_one_tenant_are_refused_to_staff_who_named_none()
    {
        var wrong = new List<string>();
        foreach (var caller in MatrixCaller.All.Where(c => c.IsStaff && c.MultiFactor || c.Kind is CallerKind.Operator))
        {
            var invoker = _calls.Invoker(caller, Guid.Empty);
            foreach (var method in _calls.Methods().Where(m => MatrixCalls.Rule(m).Tenant is TenantScope.One))
            {
                var headers = await caller.HeadersAsync(_given, Guid.CreateVersion7());
                headers.RemoveTenant();
                var answer = await RawCalls.CallAsync(invoker, method, MatrixRequests.Empty(method), headers);
                if (caller.Refusal(MatrixCalls.Rule(method)) is null && answer.Reason is not "TENANT_REQUIRED")
                {
                    wrong.Add($"{method.FullName} by {caller.Name}: {answer}");
                }
            }
        }

        AssertNone(wrong);
    }

    [Fact]
    public async Task Another_tenants_row_and_an_absent_one_get_the_same_answer_in_the_same_words() =>
        AssertNone(await _calls.CompareForeignWithAbsentAsync());

    [Fact]
    public async Task No_list_names_anything_of_another_tenant() => AssertNone(await _calls.FindForeignInListsAsync());

    [Fact]
    public void Every_rule_is_the_one_that_was_reviewed()
    {
        var reviewed = File.ReadAllLines(Path.Combine(Programs.RepositoryRoot, "docs", "access-rules.md"))
            .Where(line => line.StartsWith("| `kalisecu.", Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        var real = _calls.Methods().Select(ReviewedRule.Line).ToList();

        var unreviewed = real.Where(line => !reviewed.Contains(line))
            .Select(line => "add to docs/access-rules.md: " + line);
        var gone = reviewed
            .Except(real, StringComparer.Ordinal)
            .Select(line => "remove from docs/access-rules.md: " + line);
        AssertNone([.. unreviewed, .. gone]);
    }

    [Fact]
    public async Task What_is_refused_to_others_is_found_by_its_own_tenant()
    {
        var own = await MatrixWorld.CreateAsync(_given);
        var wrong = new List<string>();
        var reading = _calls.Methods().Where(m => MatrixCalls.IsInsideOne(m) && m.Name.StartsWith("Get", Ordinal));
        foreach (var method in reading)
        {
            foreach (var caller in MatrixCaller.All.Where(c => c.Refusal(MatrixCalls.Rule(method)) is null))
            {
                var answer = await _calls.AskAsync(caller, own, method, own.Of);
                if (answer.Status is not StatusCode.OK)
                {
                    wrong.Add($"{method.FullName} by {caller.Name}: {answer} ({answer.Content})");
                }
            }
        }

        AssertNone(wrong);
    }

    [Fact]
    public async Task Naming_a_tenant_that_is_not_ones_own_is_refused_before_anything_is_looked_up()
    {
        var (own, foreign) = (await MatrixWorld.CreateAsync(_given), await MatrixWorld.CreateAsync(_given));
        var wrong = new List<string>();
        foreach (var caller in MatrixCaller.All.Where(c => c.BelongsToATenant))
        {
            foreach (var method in _calls.Methods().Where(m => caller.Refusal(MatrixCalls.Rule(m)) is null))
            {
                var headers = await caller.HeadersAsync(_given, own.Tenant);
                headers.RemoveTenant();
                headers.Add(CallerIdentification.TenantHeader, foreign.Tenant.ToString());
                var answer = await RawCalls.CallAsync(
                    _calls.Invoker(caller, own.Agent),
                    method,
                    MatrixRequests.Filled(method, foreign.Of),
                    headers
                );
                var isRefused = answer.Reason is "TENANT_NOT_ALLOWED";
                if (isRefused != MatrixCalls.IsInsideOne(method))
                {
                    wrong.Add($"{method.FullName} by {caller.Name}: {answer}");
                }
            }
        }

        AssertNone(wrong);
    }

    [Fact]
    public async Task A_tenant_that_does_not_exist_is_refused_in_the_words_for_absent_things()
    {
        var wrong = new List<string>();
        foreach (var caller in MatrixCaller.All.Where(c => c.IsStaff || c.Kind is CallerKind.Operator))
        {
            foreach (var method in _calls.Methods().Where(MatrixCalls.IsInsideOne))
            {
                var headers = await caller.HeadersAsync(_given, Guid.CreateVersion7());
                var request = MatrixRequests.Filled(method, _ => Guid.CreateVersion7());
                var answer = await RawCalls.CallAsync(_calls.Invoker(caller, Guid.Empty), method, request, headers);
                if (caller.Refusal(MatrixCalls.Rule(method)) is null && answer.Reason is not "NOT_FOUND")
                {
                    wrong.Add($"{method.FullName} by {caller.Name}: {answer}");
                }
            }
        }

        AssertNone(wrong);
    }

    // One a line: a whole column of the matrix may fail at once.
    private static void AssertNone(IReadOnlyCollection<string> wrong) =>
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));

    private async Task<Guid> RevokedAgentAsync(Guid tenant)
    {
        var agent = await _given.AgentAsync(tenant);
        await _given.RunAsync("update agents set revoke_time = now() where agent_id = $1", agent);
        return agent;
    }
}
