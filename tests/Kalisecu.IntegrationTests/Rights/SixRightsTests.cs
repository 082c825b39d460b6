using Grpc.Core;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>Each of the six rights, asked for by a member and received by staff, from the request to its answer.</summary>
public sealed class SixRightsTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<V1.Right, bool, V1.RequestLanguage> Cases()
    {
        var cases = new TheoryData<V1.Right, bool, V1.RequestLanguage>();
        foreach (var right in Enum.GetValues<V1.Right>().Where(r => r is not V1.Right.Unspecified))
        {
            foreach (var byStaff in new[] { false, true })
            {
                cases.Add(right, byStaff, V1.RequestLanguage.Fr);
                cases.Add(right, byStaff, V1.RequestLanguage.En);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_right_is_carried_out_and_answered_in_the_persons_language(
        V1.Right right,
        bool byStaff,
        V1.RequestLanguage language
    )
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff, language, right);
        var isFrench = language is V1.RequestLanguage.Fr;

        await CarryOutAsync(desk, right, isFrench);

        Assert.NotEqual(V1.RightOutcome.Unspecified, Assert.Single((await desk.RequestAsync()).Rights).Outcome);
        Assert.Equal(V1.PrivacyRequestState.Completed, (await desk.CompleteAsync()).State);
        var answer = await desk.LetterAsync("answer");
        Assert.Equal(desk.Email, answer.Recipient);
        Assert.Contains(isFrench ? "a été traitée" : "has been dealt with", answer.Plain, StringComparison.Ordinal);
        Assert.Contains("3 place de Fontenoy, 75007 Paris", answer.Plain, StringComparison.Ordinal);
        Assert.NotEqual(0, await VerifyAsync(desk.Tenant));
        Assert.NotEqual(0, await VerifyAsync(TenantScope.Platform));
    }

    private static Task CarryOutAsync(RightsDesk desk, V1.Right right, bool isFrench) =>
        right switch
        {
            V1.Right.Access => CopyAsync(
                desk,
                V1.ExportKind.Access,
                V1.ExportFormat.Html,
                isFrench,
                isFrench ? "Vos données personnelles" : "Your personal data"
            ),
            V1.Right.Portability => CopyAsync(
                desk,
                V1.ExportKind.Portability,
                V1.ExportFormat.Csv,
                isFrench,
                "record,store"
            ),
            V1.Right.Rectification => RectifyAsync(desk),
            V1.Right.Restriction => RestrictAsync(desk),
            V1.Right.Objection => ObjectAsync(desk),
            V1.Right.Erasure => EraseAsync(desk, isFrench),
            _ => throw new InvalidOperationException($"No right: {right}"),
        };

    private static async Task CopyAsync(
        RightsDesk desk,
        V1.ExportKind kind,
        V1.ExportFormat format,
        bool isFrench,
        string expected
    )
    {
        var export = await desk.ExportAsync(kind, isFrench ? V1.ExportLanguage.Fr : V1.ExportLanguage.En);
        Assert.Contains(expected, (await desk.FetchAsync(export, format)).Text, StringComparison.Ordinal);
        Assert.Equal(1L, await desk.EvidenceAsync("export.made"));
    }

    private static async Task RectifyAsync(RightsDesk desk)
    {
        await desk.Rights.RectifyPersonAsync(
            new V1.RectifyPersonRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                LastName = "Loisel-Roy",
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        Assert.Equal(1L, await desk.EvidenceAsync("person.rectified"));
    }

    private static async Task RestrictAsync(RightsDesk desk)
    {
        await desk.Rights.RestrictPersonAsync(
            new V1.RestrictPersonRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                Ground = V1.RestrictionGround.Accuracy,
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        Assert.Equal(1L, await desk.EvidenceAsync("restriction.begun"));
    }

    private static async Task ObjectAsync(RightsDesk desk)
    {
        await desk.Rights.ObjectToProcessingAsync(
            new V1.ObjectToProcessingRequest
            {
                PrivacyRequestId = desk.RequestId,
                PersonId = desk.PersonId,
                Purpose = "direct_marketing",
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        Assert.Equal(1L, await desk.EvidenceAsync("objection.stopped"));
    }

    private static async Task EraseAsync(RightsDesk desk, bool isFrench)
    {
        var erasure = await desk.ApprovedErasureAsync();
        Assert.Equal(1, await desk.WorkAsync());
        var certificate = await desk.LetterAsync("erasure_certificate");
        Assert.Contains(erasure, certificate.Plain, StringComparison.Ordinal);
        Assert.Contains(isFrench ? "certifions" : "We certify", certificate.Plain, StringComparison.Ordinal);
        Assert.Equal(1L, await desk.EvidenceAsync("erasure.completed"));
    }

    /// <summary>Computes the chain of an owner anew; answers how many entries it has.</summary>
    private async Task<int> VerifyAsync(Guid owner)
    {
        var entries = await server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                owner,
                db => db.Set<EvidenceEntry>().AsNoTracking().OrderBy(e => e.Sequence).ToListAsync(Cancel),
                Cancel
            );
        var previous = new byte[32];
        foreach (var entry in entries)
        {
            Assert.Equal(previous, entry.PreviousHash);
            Assert.Equal(entry.ComputeHash(), entry.Hash);
            previous = entry.Hash;
        }

        return entries.Count;
    }
}
