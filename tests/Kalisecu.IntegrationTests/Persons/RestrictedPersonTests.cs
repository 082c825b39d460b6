using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Kalisecu.Access;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.IntegrationTests.Access;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Kalisecu.Tenants.V1;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using CallerKind = Kalisecu.Access.V1.CallerKind;
using ContractDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Kalisecu.IntegrationTests.Persons;

/// <summary>GDPR art. 18: nobody's call shows a restricted person or changes a row about it, whatever RPC there is.</summary>
public sealed class RestrictedPersonTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>
    /// Those through which the data-protection officer answers the person itself, or protects others: GDPR art. 18(2). They may
    /// say that the person is there, by its identifier; what is known of it stays closed to them like to all.
    /// </summary>
    private static readonly HashSet<string> OfTheOfficer = new(StringComparer.Ordinal)
    {
        "kalisecu.access_log.v1.AccessLogService.ListAllAccessEntries",
        "kalisecu.persons.v1.PersonService.GetPerson",
        "kalisecu.persons.v1.PersonService.ListPersons",
    };

    /// <summary>
    /// Contracts that answer the person itself, on its own rights or with its consent (GDPR art. 18(2)). What is known of the
    /// person from elsewhere stays closed to them too.
    /// </summary>
    private static readonly string[] OfThePerson = ["kalisecu.privacy_requests.v1.", "kalisecu.consent.v1."];

    private static readonly HashSet<string> StoresOfRights = new(StringComparer.Ordinal)
    {
        "privacy_requests",
        "rights",
        "consent",
    };

    private readonly RestrictedRows _rows = server.Services.GetRequiredService<RestrictedRows>();
    private readonly PersonStores _stores = server.Services.GetRequiredService<PersonStores>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_method_shows_the_person_or_changes_a_row_about_it()
    {
        var wrong = new List<string>();
        foreach (var method in Methods())
        {
            var known = await AKnownPerson.OfAsync(server);
            await RestrictAsync(known, server.Clock.GetCurrentInstant());
            var before = await RowsAsync(known);
            foreach (var caller in MatrixCaller.All.Where(c => c.Refusal(Rule(method)) is null && !IsAlone(c)))
            {
                var theirs = await AskAsync(caller, method, known, known.Of);
                var nobodys = await AskAsync(caller, method, known, known.WithAnother());
                wrong.AddRange(Judge(method, caller, known, theirs, nobodys));
            }

            if (!string.Equals(before, await RowsAsync(known), StringComparison.Ordinal))
            {
                wrong.Add($"{method.FullName} changed a row");
            }
        }

        Assert.NotEmpty(Methods());
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public async Task The_session_ends_and_nobody_signs_in_until_the_restriction_is_lifted()
    {
        var known = await AKnownPerson.OfAsync(server);
        var members = new MemberService.MemberServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        var request = new GetMemberRequest { MemberId = known.Ref.PersonId.ToString("D") };
        await members.GetMemberAsync(request, known.Headers, cancellationToken: Cancel);

        await RestrictAsync(known, server.Clock.GetCurrentInstant());

        // Other processes hear of it by a notification: until it is heard, the person is as absent.
        var reason = "NOT_FOUND";
        while (reason is "NOT_FOUND")
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
                await members.GetMemberAsync(request, known.Headers, cancellationToken: Cancel)
            );
            reason = refusal.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason;
        }

        Assert.Equal("SESSION_NOT_VALID", reason);
        var owner = await server.Given.SignedInAsync(Tenancy.Role.MemberOwner, known.Tenant);
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () => await members.GetMemberAsync(request, owner, cancellationToken: Cancel)
        );
        await RestrictAsync(known, since: null);
        await members.GetMemberAsync(request, owner, cancellationToken: Cancel);
    }

    private static IEnumerable<string> Judge(
        MethodDescriptor method,
        MatrixCaller caller,
        AKnownPerson known,
        Answer theirs,
        Answer nobodys
    )
    {
        var mayName =
            (caller.Role is Kalisecu.Access.V1.Role.StaffDpo && OfTheOfficer.Contains(method.FullName))
            || Array.Exists(OfThePerson, p => method.FullName.StartsWith(p, StringComparison.Ordinal));
        string[] closed = [AKnownPerson.FirstName, AKnownPerson.LastName, known.Email];
        if (closed.Any(c => theirs.Content.Contains(c, StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{method.FullName} shows {caller.Name} who it is";
        }
        else if (!mayName && nobodys.Content.Contains(known.Ref.PersonId.ToString(), StringComparison.Ordinal))
        {
            yield return $"{method.FullName} names the person to {caller.Name}";
        }
        else if (!mayName && AKnownPerson.AsksFor(method) && theirs != nobodys)
        {
            yield return $"{method.FullName} answers {caller.Name} {theirs} ({theirs.Content}), of nobody {nobodys} ({nobodys.Content})";
        }
    }

    // Asks with these identifiers; those of the request are blotted out of the answer, which may repeat them.
    private async Task<Answer> AskAsync(
        MatrixCaller caller,
        MethodDescriptor method,
        AKnownPerson known,
        Func<string, Guid> ids
    )
    {
        var headers = await caller.HeadersAsync(server.Given, known.Tenant);
        var channel = server.Channel(
            caller.Certificate,
            caller.Kind is CallerKind.Agent ? known.Agent.ToString() : "matrix"
        );
        var request = MatrixRequests.Filled(method, ids);
        var answer = await RawCalls.CallAsync(channel.CreateCallInvoker(), method, request, headers);
        if (answer.Status is StatusCode.InvalidArgument)
        {
            request = MatrixRequests.Filled(method, ids, lastAlternatives: true);
            answer = await RawCalls.CallAsync(channel.CreateCallInvoker(), method, request, headers);
        }

        var content = MatrixRequests
            .IdFields(method)
            .Aggregate(answer.Content, (text, f) => text.Replace(ids(f).ToString(), "…", StringComparison.Ordinal));
        return answer with { Content = content };
    }

    private Task<bool> RestrictAsync(AKnownPerson known, NodaTime.Instant? since) =>
        _rows.InTenantAsync(
            known.Tenant,
            async db =>
            {
                foreach (var store in _stores.All)
                {
                    await store.RestrictAsync(db, known.Ref, since, Cancel);
                }

                return true;
            },
            Cancel
        );

    /// <summary>
    /// Everything that stores hold, as text; but for the log, which grows with every call, and decisions in force, which are the
    /// client's to change.
    /// </summary>
    private Task<string> RowsAsync(AKnownPerson known) =>
        _rows.InTenantAsync(
            known.Tenant,
            async db =>
            {
                var rows = new List<string>();
                foreach (
                    var store in _stores.All.Where(s => s.Name is not "access_log" && !StoresOfRights.Contains(s.Name))
                )
                {
                    await foreach (var record in store.CollectAsync(db, known.Ref, Cancel))
                    {
                        if (record.Type is "finding_decision")
                        {
                            continue;
                        }

                        rows.Add($"{record.Type} {string.Join(' ', record.Values.Select(v => $"{v.Name}={v.Value}"))}");
                    }
                }

                return string.Join(Environment.NewLine, rows.Order(StringComparer.Ordinal));
            },
            Cancel
        );

    // A machine that is alone at the enrolment port knows no tenant.
    private static bool IsAlone(MatrixCaller caller) => caller.Kind is CallerKind.Enrolling || caller.IsRevoked;

    private IReadOnlyList<MethodDescriptor> Methods()
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

    private static Kalisecu.Access.V1.AccessRule Rule(MethodDescriptor method) =>
        method.GetOptions().GetExtension(Kalisecu.Access.V1.AccessExtensions.Rule);
}
