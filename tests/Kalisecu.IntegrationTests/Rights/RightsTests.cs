using Grpc.Core;
using Kalisecu.Errors.V1;
using Kalisecu.TestKit;
using NodaTime;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.Rights;

/// <summary>The rights of a person, from the request to its outcome, through real calls.</summary>
public sealed class RightsTests(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Access_and_portability_are_answered_with_copies_in_both_languages(bool byStaff)
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff, V1.Right.Access, V1.Right.Portability);

        var french = await desk.ExportAsync(V1.ExportKind.Access, V1.ExportLanguage.Fr);
        var english = await desk.ExportAsync(V1.ExportKind.Access, V1.ExportLanguage.En);
        var portable = await desk.ExportAsync(V1.ExportKind.Portability, V1.ExportLanguage.Fr);

        var (page, token) = await desk.FetchAsync(french, V1.ExportFormat.Html);
        Assert.Contains("Vos données personnelles", page, StringComparison.Ordinal);
        Assert.Contains(desk.Email, page, StringComparison.Ordinal);
        Assert.Contains(
            "Your personal data",
            (await desk.FetchAsync(english, V1.ExportFormat.Html)).Text,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "record,store",
            (await desk.FetchAsync(portable, V1.ExportFormat.Csv)).Text,
            StringComparison.Ordinal
        );
        await Refused.WithAsync(ErrorReason.ExportLinkNotValid, () => desk.FetchAsync(token));

        var request = await desk.RequestAsync();
        Assert.All(request.Rights, r => Assert.Equal(V1.RightOutcome.Granted, r.Outcome));
        Assert.Equal(3L, await desk.EvidenceAsync("export.made"));
        Assert.Equal(3L, await desk.EvidenceAsync("export.fetched"));
    }

    [Fact]
    public async Task An_erasure_is_planned_approved_carried_out_and_certified()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Erasure);
        var planned = (
            await desk.Rights.PlanErasureAsync(
                new V1.PlanErasureRequest { PrivacyRequestId = desk.RequestId, PersonId = desk.PersonId },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Erasure;
        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () =>
                desk
                    .Rights.ApproveErasureAsync(
                        new V1.ApproveErasureRequest { ErasureId = planned.ErasureId },
                        desk.Officer,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );
        await desk.Rights.ApproveErasureAsync(
            new V1.ApproveErasureRequest { ErasureId = planned.ErasureId, PlanEtag = planned.Etag },
            desk.Second,
            cancellationToken: Cancel
        );
        Assert.Equal(V1.RightOutcome.Unspecified, Assert.Single((await desk.RequestAsync()).Rights).Outcome);

        Assert.Equal(1, await desk.WorkAsync());

        var done = (
            await desk.Rights.GetErasureAsync(
                new V1.GetErasureRequest { ErasureId = planned.ErasureId },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Erasure;
        Assert.Equal(V1.ErasureState.Completed, done.State);
        Assert.All(done.Steps, s => Assert.NotNull(s.CompleteTime));
        // The request itself is kept as proof that it was answered.
        Assert.Equal(V1.RightOutcome.PartlyGranted, Assert.Single((await desk.RequestAsync()).Rights).Outcome);
        var letter = await desk.Requests.LetterAsync(desk.RequestId, "erasure_certificate");
        Assert.Contains(planned.ErasureId, letter.Plain, StringComparison.Ordinal);
        Assert.Contains("17.3.e", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("CNIL", letter.Plain, StringComparison.Ordinal);
        var notices = await desk.Rights.ListRecipientNoticesAsync(
            new V1.ListRecipientNoticesRequest { PrivacyRequestId = desk.RequestId },
            desk.Officer,
            cancellationToken: Cancel
        );
        Assert.Contains("OVH SAS", notices.Notices.Select(n => n.Recipient));
    }

    [Fact]
    public async Task Who_takes_a_request_back_is_not_erased_and_after_the_first_step_it_is_too_late()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Erasure);
        var late = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Erasure);
        var planned = await PlanAsync(desk);
        var begun = await PlanAsync(late);
        await server.Given.RunAsync(
            "update erasures set state = 'Running', approve_time = plan_time, approve_actor = 'staff:other', begin_time = plan_time, next_time = plan_time, claim_expire_time = 'infinity' where erasure_id = $1",
            Guid.Parse(begun.ErasureId)
        );

        await WithdrawAsync(desk);
        await Refused.WithAsync(ErrorReason.ErasureUnderWay, () => WithdrawAsync(late));

        Assert.Equal(V1.ErasureState.Cancelled, (await GetAsync(desk, planned)).State);
        Assert.Equal(V1.ErasureState.Running, (await GetAsync(late, begun)).State);
        Assert.Equal(Kalisecu.PrivacyRequests.V1.PrivacyRequestState.Withdrawn, (await desk.RequestAsync()).State);
        await server.Given.RunAsync(
            "update erasures set state = 'Cancelled', begin_time = null, next_time = null where erasure_id = $1",
            Guid.Parse(begun.ErasureId)
        );

        static async Task<V1.Erasure> PlanAsync(RightsDesk desk) =>
            (
                await desk.Rights.PlanErasureAsync(
                    new V1.PlanErasureRequest { PrivacyRequestId = desk.RequestId, PersonId = desk.PersonId },
                    desk.Officer,
                    cancellationToken: Cancel
                )
            ).Erasure;

        static async Task<V1.Erasure> GetAsync(RightsDesk desk, V1.Erasure erasure) =>
            (
                await desk.Rights.GetErasureAsync(
                    new V1.GetErasureRequest { ErasureId = erasure.ErasureId },
                    desk.Officer,
                    cancellationToken: Cancel
                )
            ).Erasure;

        static Task WithdrawAsync(RightsDesk desk) =>
            desk
                .Requests.Requests.WithdrawPrivacyRequestAsync(
                    new V1.WithdrawPrivacyRequestRequest { PrivacyRequestId = desk.RequestId },
                    desk.Member,
                    cancellationToken: Cancel
                )
                .ResponseAsync;
    }

    [Fact]
    public async Task A_restriction_is_lifted_only_after_its_notice_was_sent()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: true, V1.Right.Restriction);
        var restriction = (
            await desk.Rights.RestrictPersonAsync(
                new V1.RestrictPersonRequest
                {
                    PrivacyRequestId = desk.RequestId,
                    PersonId = desk.PersonId,
                    Ground = V1.RestrictionGround.Accuracy,
                },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Restriction;
        Task LiftAsync() =>
            desk
                .Rights.LiftRestrictionAsync(
                    new V1.LiftRestrictionRequest { RestrictionId = restriction.RestrictionId },
                    desk.Officer,
                    cancellationToken: Cancel
                )
                .ResponseAsync;

        await Refused.WithAsync(ErrorReason.LiftNoticeNotDelivered, LiftAsync);
        await desk.Rights.AnnounceRestrictionLiftingAsync(
            new V1.AnnounceRestrictionLiftingRequest
            {
                RestrictionId = restriction.RestrictionId,
                Reasons = "L'adresse a été vérifiée.",
                LiftDate = desk.Requests.Today,
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        await Refused.WithAsync(ErrorReason.LiftNoticeNotDelivered, LiftAsync);
        await server.Given.RunAsync(
            "update letters set state = 'Sent', send_time = $2 where cause_id = $1",
            Guid.Parse(restriction.RestrictionId),
            server.Clock.GetCurrentInstant()
        );
        server.Clock.Advance(Duration.FromMinutes(1));
        await LiftAsync();

        Assert.Equal(V1.RightOutcome.Granted, Assert.Single((await desk.RequestAsync()).Rights).Outcome);
        Assert.Equal(1L, await desk.EvidenceAsync("restriction.lifted"));
        await Refused.WithAsync(ErrorReason.RestrictionLifted, LiftAsync);
    }

    [Fact]
    public async Task A_restriction_that_ends_after_an_erasure_does_not_open_what_a_law_keeps()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: true, V1.Right.Restriction);
        var restriction = (
            await desk.Rights.RestrictPersonAsync(
                new V1.RestrictPersonRequest
                {
                    PrivacyRequestId = desk.RequestId,
                    PersonId = desk.PersonId,
                    Ground = V1.RestrictionGround.Accuracy,
                },
                desk.Officer,
                cancellationToken: Cancel
            )
        ).Restriction;
        await desk.Rights.AnnounceRestrictionLiftingAsync(
            new V1.AnnounceRestrictionLiftingRequest
            {
                RestrictionId = restriction.RestrictionId,
                Reasons = "L'adresse a été vérifiée.",
                LiftDate = desk.Requests.Today,
            },
            desk.Officer,
            cancellationToken: Cancel
        );
        await server.Given.RunAsync(
            "update letters set state = 'Sent', send_time = $2 where cause_id = $1",
            Guid.Parse(restriction.RestrictionId),
            server.Clock.GetCurrentInstant()
        );
        await server.Given.RunAsync(
            """
            insert into erasures (tenant_id, erasure_id, privacy_request_id, person_id, person_kind, state, is_replay, plan_time,
                plan_actor, approve_actor, approve_time, begin_time, complete_time)
            values ($1, $2, $3, $4, 'Member', 'Completed', true, $5, 'staff:a', 'staff:b', $5, $5, $5)
            """,
            desk.Tenant,
            Guid.CreateVersion7(),
            Guid.Parse(desk.RequestId),
            Guid.Parse(desk.PersonId),
            server.Clock.GetCurrentInstant()
        );
        server.Clock.Advance(Duration.FromMinutes(1));

        await desk.Rights.LiftRestrictionAsync(
            new V1.LiftRestrictionRequest { RestrictionId = restriction.RestrictionId },
            desk.Officer,
            cancellationToken: Cancel
        );

        Assert.Equal(
            1L,
            await server.Given.AskAsync<long>(
                "select count(*) from members where member_id = $1 and restrict_time is not null",
                Guid.Parse(desk.PersonId)
            )
        );
    }

    [Fact]
    public async Task Nobody_acts_for_a_person_who_did_not_ask_or_for_somebody_elses_request()
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Access);
        var other = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Access);

        await Refused.WithAsync(
            ErrorReason.RightNotRequested,
            () => desk.ExportAsync(V1.ExportKind.Portability, V1.ExportLanguage.Fr)
        );
        await Refused.WithAsync(
            ErrorReason.NotFound,
            () =>
                desk
                    .Rights.PlanErasureAsync(
                        new V1.PlanErasureRequest { PrivacyRequestId = other.RequestId, PersonId = desk.PersonId },
                        desk.Officer,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );
        var export = await desk.ExportAsync(V1.ExportKind.Access, V1.ExportLanguage.Fr);
        await Refused.WithAsync(
            ErrorReason.NotFound,
            () =>
                other
                    .Rights.CreateExportLinkAsync(
                        new V1.CreateExportLinkRequest { ExportId = export.ExportId, Format = V1.ExportFormat.Json },
                        other.Member,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );
    }

    [Theory]
    [InlineData("no address", "")]
    [InlineData("Ana Loisel <ana@client.example>", "")]
    [InlineData("\"ana\"@client.example, eve@other.example", "")]
    [InlineData("", "Loisel\nBcc: eve@other.example")]
    public async Task What_is_no_single_address_or_name_is_no_correction(string email, string lastName)
    {
        var desk = await RightsDesk.OpenAsync(server, byStaff: false, V1.Right.Rectification);

        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () =>
                desk
                    .Rights.RectifyPersonAsync(
                        new V1.RectifyPersonRequest
                        {
                            PrivacyRequestId = desk.RequestId,
                            PersonId = desk.PersonId,
                            Email = email,
                            LastName = lastName,
                        },
                        desk.Officer,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );
    }
}
