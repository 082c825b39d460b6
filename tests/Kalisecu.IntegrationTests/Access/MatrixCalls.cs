using System.Reflection;
using System.Text;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Kalisecu.Access;
using Kalisecu.Access.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using ContractDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>Calls every method of a server as everybody, with the identifiers of one's own tenant and of another.</summary>
internal sealed class MatrixCalls(TestServer server) : IDisposable
{
    // What only reads: a list that is asked for must not change what the next one finds.
    private static readonly string[] ReadingVerbs = ["Get", "List", "Export", "Count", "Search"];

    private readonly Given _given = new(server);
    private readonly GrpcChannel _enrolment = server.Connect(certificate: null, server.EnrolmentAddress);

    public void Dispose() => _enrolment.Dispose();

    /// <summary>What tells another tenant's row from an absent one, over all methods inside a tenant.</summary>
    public async Task<IReadOnlyList<string>> CompareForeignWithAbsentAsync()
    {
        var (own, foreign) = (await MatrixWorld.CreateAsync(_given), await MatrixWorld.CreateAsync(_given));
        var wrong = new List<string>();
        foreach (var method in Methods().Where(IsInsideOne))
        {
            var fields = MatrixRequests.IdFields(method);
            var unknown = fields.Where(f => !foreign.Knows(f)).ToList();
            if (fields.Count == 0 || unknown.Count > 0)
            {
                wrong.AddRange(unknown.Select(f => $"cannot judge {method.FullName}: no example of {f}"));
                continue;
            }

            foreach (var caller in MatrixCaller.All.Where(c => c.Refusal(Rule(method)) is null))
            {
                var absent = fields.ToDictionary(f => f, _ => Guid.CreateVersion7(), StringComparer.Ordinal);
                var theirs = await AskAsync(caller, own, method, foreign.Of);
                var nobodys = await AskAsync(caller, own, method, f => absent[f]);
                wrong.AddRange(Judge(theirs, nobodys).Select(w => $"{method.FullName} by {caller.Name}: {w}"));
            }
        }

        return wrong;
    }

    /// <summary>Answers to one's own questions that name something of another tenant.</summary>
    public async Task<IReadOnlyList<string>> FindForeignInListsAsync()
    {
        var (own, foreign) = (await MatrixWorld.CreateAsync(_given), await MatrixWorld.CreateAsync(_given));
        var wrong = new List<string>();
        var reading = Methods()
            .Where(m => IsInsideOne(m) && ReadingVerbs.Any(v => m.Name.StartsWith(v, StringComparison.Ordinal)));
        foreach (var method in reading)
        {
            foreach (var caller in MatrixCaller.All.Where(c => c.Refusal(Rule(method)) is null))
            {
                var headers = await caller.HeadersAsync(_given, own.Tenant, own.Of("member_id"));
                var invoker = Invoker(caller, own.Agent);
                var all = await RawCalls.CallAsync(invoker, method, MatrixRequests.Empty(method), headers);
                var some = await RawCalls.CallAsync(invoker, method, MatrixRequests.Filled(method, own.Of), headers);
                // What cannot be read because another tenant's key sealed it was found all the same.
                if (all.Status is StatusCode.Internal || some.Status is StatusCode.Internal)
                {
                    wrong.Add($"{method.FullName} by {caller.Name}: a fault");
                }

                wrong.AddRange(
                    foreign
                        .Ids.Where(id => Names(all, id) || Names(some, id))
                        .Select(id => $"{method.FullName} by {caller.Name}: names {id} of another tenant")
                );
            }
        }

        return wrong;
    }

    public static IEnumerable<string> Judge(Answer theirs, Answer nobodys)
    {
        if (theirs.Status is StatusCode.InvalidArgument)
        {
            yield return $"cannot judge, the request needs an example: {theirs.Content}";
        }
        else if (theirs.Status is StatusCode.Internal or StatusCode.Unknown)
        {
            yield return $"a fault: {theirs}";
        }
        else if (theirs != nobodys)
        {
            yield return $"{theirs} ({theirs.Content}) for another tenant's, {nobodys} ({nobodys.Content}) for an absent one";
        }
        else if (theirs.Content.Contains("ecret", StringComparison.Ordinal) && theirs.Status is StatusCode.OK)
        {
            yield return "another tenant's content";
        }
    }

    /// <summary>Asks with these identifiers; they are blotted out of the answer, which may repeat them.</summary>
    public async Task<Answer> AskAsync(
        MatrixCaller caller,
        MatrixWorld own,
        MethodDescriptor method,
        Func<string, Guid> ids
    )
    {
        var headers = await caller.HeadersAsync(_given, own.Tenant, own.Of("member_id"));
        var invoker = Invoker(caller, own.Agent);
        var answer = await RawCalls.CallAsync(invoker, method, MatrixRequests.Filled(method, ids), headers);
        if (answer.Status is StatusCode.InvalidArgument)
        {
            var other = MatrixRequests.Filled(method, ids, lastAlternatives: true);
            answer = await RawCalls.CallAsync(invoker, method, other, headers);
        }

        var content = MatrixRequests
            .IdFields(method)
            .Aggregate(answer.Content, (text, f) => text.Replace(ids(f).ToString(), "…", StringComparison.Ordinal));
        return answer with { Content = content };
    }

    /// <summary>All methods that this server offers, health and reflection aside: those have a rule that is no option.</summary>
    public IReadOnlyList<MethodDescriptor> Methods()
    {
        var offered = server.Services.GetRequiredService<AccessRules>();
        return
        [
            .. typeof(Kalisecu.Access.V1.AccessRule)
                .Assembly.GetTypes()
                .Select(t => t.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
                .Where(p => p is not null && typeof(ContractDescriptor).Equals(p.PropertyType))
                .Select(p => (ContractDescriptor)p!.GetValue(null)!)
                .SelectMany(s => s.Methods)
                .Where(m => offered.All.ContainsKey($"/{m.Service.FullName}/{m.Name}"))
                .OrderBy(m => m.FullName, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether the call works in the tenant that the caller has or names.</summary>
    public static bool IsInsideOne(MethodDescriptor method) =>
        Rule(method).Tenant is TenantScope.One or TenantScope.OneOrPlatform;

    public static Kalisecu.Access.V1.AccessRule Rule(MethodDescriptor method) =>
        method.GetOptions().GetExtension(AccessExtensions.Rule);

    public CallInvoker Invoker(MatrixCaller caller, Guid agent)
    {
        var channel =
            caller.Kind is CallerKind.Enrolling
                ? _enrolment
                : server.Channel(caller.Certificate, caller.Kind is CallerKind.Agent ? agent.ToString() : "matrix");
        return channel.CreateCallInvoker();
    }

    private static bool Names(Answer answer, Guid id) =>
        answer.Content.Contains(id.ToString(), StringComparison.Ordinal)
        || answer.Content.Contains(
            Encoding.Latin1.GetString(id.ToByteArray(bigEndian: true)),
            StringComparison.Ordinal
        );
}
