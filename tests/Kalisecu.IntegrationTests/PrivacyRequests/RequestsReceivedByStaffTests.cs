using Grpc.Core;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.IntegrationTests.Tenants;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.TestKit;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.IntegrationTests.PrivacyRequests;

public sealed class RequestsReceivedByStaffTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly RequestDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Right> Rights() => [.. Enum.GetValues<Right>().Where(r => r is not Right.Unspecified)];

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task What_came_by_mail_is_received_by_staff_and_answered(Right right)
    {
        var email = RequestDesk.Address();
        await server.Given.PersonAsync(await server.Given.TenantAsync(), PersonKind.Contact, email);
        var staff = await _desk.OfficerAsync();

        var made = await _desk.ReceiveAsync(email, staff, right);
        var judged = await _desk.Requests.JudgeIdentityAsync(
            new JudgeIdentityRequest
            {
                PrivacyRequestId = made.PrivacyRequestId,
                Grounds = "Answered from the address of the authorisation.",
            },
            staff,
            cancellationToken: Cancel
        );
        await _desk.RecordOutcomeAsync(made.PrivacyRequestId, right);
        var closed = await _desk.CompleteAsync(made.PrivacyRequestId);

        Assert.Equal(PrivacyRequestState.Received, made.State);
        Assert.Equal(RequestPersonKind.Contact, Assert.Single(made.Subjects).Kind);
        Assert.Equal(IdentityMethod.Judgement, judged.PrivacyRequest.IdentityMethod);
        Assert.Equal(PrivacyRequestState.Completed, closed.State);
        Assert.Equal(email, (await _desk.LetterAsync(made.PrivacyRequestId, "answer")).Recipient);
    }

    [Fact]
    public async Task A_request_is_about_every_tenant_and_role_that_knows_the_address()
    {
        var email = RequestDesk.Address();
        var (_, tenant, member) = await _desk.MemberAsync(email);
        var contact = await server.Given.PersonAsync(await server.Given.TenantAsync(), PersonKind.Contact, email);
        await server.Given.RunAsync("update persons set restrict_time = now() where person_id = $1", contact);

        var made = await _desk.ReceiveAsync(email.ToUpperInvariant(), await _desk.OfficerAsync(), Right.Access);

        Assert.Equal(2, made.Subjects.Count);
        Assert.Equal(
            [$"{tenant:D}/{member:D}", contact.ToString("D")],
            made.Subjects.OrderBy(s => s.Kind)
                .Select(s => s.Kind is RequestPersonKind.Member ? $"{s.PersonTenantId}/{s.PersonId}" : s.PersonId)
        );
    }

    [Fact]
    public async Task A_proof_of_identity_does_not_cover_who_is_added_later_under_another_address()
    {
        var (email, staff) = (RequestDesk.Address(), await _desk.OfficerAsync());
        var (_, tenant, member) = await _desk.MemberAsync(email);
        var same = await server.Given.PersonAsync(await server.Given.TenantAsync(), PersonKind.Contact, email);
        var other = await server.Given.PersonAsync(tenant, PersonKind.Contact, RequestDesk.Address());
        var made = await _desk.ReceiveAsync(email, staff, Right.Access);
        await server.Given.RunAsync("delete from privacy_request_subjects where person_id = $1", same);
        await _desk.AskWithCodeAsync(made.PrivacyRequestId, staff);
        await _desk.ConfirmAsync(made.PrivacyRequestId, await _desk.CodeAsync(made.PrivacyRequestId));

        var covered = await AddAsync(made.PrivacyRequestId, same, staff);
        var doubtful = await AddAsync(made.PrivacyRequestId, other, staff);

        Assert.Equal(IdentityState.Confirmed, covered.IdentityState);
        Assert.Equal(IdentityState.Unconfirmed, doubtful.IdentityState);
        var officer = await server.Given.SignedInAsync(Kalisecu.Tenancy.Role.StaffDpo, tenant);
        var rights = new RightsService.RightsServiceClient(server.Channel(SpiffeKind.Frontend, "desk"));
        await ExportAsync(member);
        await Refused.WithAsync(ErrorReason.IdentityNotConfirmed, () => ExportAsync(other));

        await _desk.Requests.JudgeIdentityAsync(
            new JudgeIdentityRequest { PrivacyRequestId = made.PrivacyRequestId, Grounds = "Both came to the office." },
            staff,
            cancellationToken: Cancel
        );
        await ExportAsync(other);

        async Task<DataExport> ExportAsync(Guid person) =>
            (
                await rights.CreateExportAsync(
                    new CreateExportRequest
                    {
                        PrivacyRequestId = made.PrivacyRequestId,
                        PersonId = person.ToString("D"),
                        Kind = ExportKind.Access,
                        Language = ExportLanguage.Fr,
                    },
                    officer,
                    cancellationToken: Cancel
                )
            ).Export;
    }

    [Fact]
    public async Task After_a_code_answers_go_to_the_address_that_was_proved()
    {
        var (email, staff) = (RequestDesk.Address(), await _desk.OfficerAsync());
        var (_, _, member) = await _desk.MemberAsync(email);
        var made = await _desk.ReceiveAsync("somebody@elsewhere.example", staff, Right.Access);
        await AddAsync(made.PrivacyRequestId, member, staff);
        await _desk.AskWithCodeAsync(made.PrivacyRequestId, staff);
        var question = await _desk.LetterAsync(made.PrivacyRequestId, "identity");
        await _desk.ConfirmAsync(made.PrivacyRequestId, await _desk.CodeAsync(made.PrivacyRequestId));

        await _desk.RecordOutcomeAsync(made.PrivacyRequestId, Right.Access);
        await _desk.CompleteAsync(made.PrivacyRequestId);

        Assert.Equal(email, question.Recipient);
        Assert.Equal(email, (await _desk.LetterAsync(made.PrivacyRequestId, "answer")).Recipient);
    }

    [Fact]
    public async Task A_name_of_two_lines_is_refused()
    {
        var staff = await _desk.OfficerAsync();

        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            () =>
                _desk
                    .Requests.ReceivePrivacyRequestAsync(
                        new ReceivePrivacyRequestRequest
                        {
                            Channel = RequestChannel.Email,
                            ReceivedDate = _desk.Today,
                            Rights = { Right.Access },
                            Email = RequestDesk.Address(),
                            RequesterName = "Ana\nLoisel",
                        },
                        staff,
                        cancellationToken: Cancel
                    )
                    .ResponseAsync
        );
    }

    [Fact]
    public async Task A_person_nobody_knows_is_told_that_nothing_is_held()
    {
        var staff = await _desk.OfficerAsync();
        var made = await _desk.ReceiveAsync(RequestDesk.Address(), staff, Right.Access, Right.Erasure);

        var closed = await _desk.CompleteAsync(made.PrivacyRequestId);

        Assert.Empty(made.Subjects);
        Assert.All(closed.Rights, r => Assert.Equal(RightOutcome.NothingHeld, r.Outcome));
        Assert.Contains(
            "nous ne détenons aucune donnée",
            (await _desk.LetterAsync(made.PrivacyRequestId, "nothing_held")).Plain,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Whoever_became_known_meanwhile_is_not_told_that_nothing_is_held()
    {
        var (email, staff) = (RequestDesk.Address(), await _desk.OfficerAsync());
        var made = await _desk.ReceiveAsync(email, staff, Right.Access);
        var person = await server.Given.PersonAsync(await server.Given.TenantAsync(), PersonKind.Contact, email);

        await Refused.WithAsync(ErrorReason.PersonsFound, () => _desk.CompleteAsync(made.PrivacyRequestId));

        var added = await _desk.Requests.AddRequestSubjectAsync(
            new AddRequestSubjectRequest { PrivacyRequestId = made.PrivacyRequestId, PersonId = person.ToString("D") },
            staff,
            cancellationToken: Cancel
        );
        Assert.Equal(person.ToString("D"), Assert.Single(added.PrivacyRequest.Subjects).PersonId);
    }

    [Fact]
    public async Task A_letter_on_paper_is_answered_by_post()
    {
        var staff = await _desk.OfficerAsync();
        var made = (
            await _desk.Requests.ReceivePrivacyRequestAsync(
                new ReceivePrivacyRequestRequest
                {
                    Channel = RequestChannel.Paper,
                    ReceivedDate = _desk.Today,
                    Rights = { Right.Access },
                    RequesterName = "Paul Loisel",
                    PostalAddress = "1 rue de la Paix\n35000 Rennes",
                },
                staff,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

        await _desk.Requests.AcknowledgePrivacyRequestAsync(
            new AcknowledgePrivacyRequestRequest { PrivacyRequestId = made.PrivacyRequestId },
            staff,
            cancellationToken: Cancel
        );
        var letter = await _desk.LetterAsync(made.PrivacyRequestId, "acknowledgement");

        Assert.Equal("hello@kalisecu.com", letter.Recipient);
        Assert.StartsWith("[poste] ", letter.Subject, StringComparison.Ordinal);
        Assert.Contains("Paul Loisel\n1 rue de la Paix\n35000 Rennes", letter.Plain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-20_000)]
    public async Task A_date_in_the_future_or_before_the_law_is_refused(int days)
    {
        var day = LocalDatePattern.Iso.Parse(_desk.Today).Value.PlusDays(days);
        var request = new ReceivePrivacyRequestRequest
        {
            Channel = RequestChannel.Email,
            ReceivedDate = LocalDatePattern.Iso.Format(day),
            Rights = { Right.Access },
            Email = RequestDesk.Address(),
        };
        var staff = await _desk.OfficerAsync();

        await Refused.WithAsync(
            ErrorReason.InvalidRequest,
            async () => await _desk.Requests.ReceivePrivacyRequestAsync(request, staff, cancellationToken: Cancel)
        );
    }

    [Fact]
    public async Task An_original_is_kept_as_it_came_and_what_is_not_what_it_claims_is_refused()
    {
        var staff = await _desk.OfficerAsync();
        var made = await _desk.ReceiveAsync(RequestDesk.Address(), staff, Right.Access);
        var document = ClientDesk.Pdf(100_000);

        var attached = await _desk.AttachAsync(made.PrivacyRequestId, "lettre.pdf", document, staff);

        var original = Assert.Single(attached.Originals);
        Assert.Equal(("lettre.pdf", "application/pdf"), (original.FileName, original.MediaType));
        Assert.Equal(document, await _desk.DownloadAsync(made.PrivacyRequestId, original.OriginalId, staff));
        await Refused.WithAsync(
            ErrorReason.OriginalNotAccepted,
            () => _desk.AttachAsync(made.PrivacyRequestId, "lettre.png", document, staff)
        );
        await Refused.WithAsync(
            ErrorReason.DocumentTooLarge,
            () => _desk.AttachAsync(made.PrivacyRequestId, "lettre.pdf", ClientDesk.Pdf(20 * 1024 * 1024), staff)
        );
        Assert.Single((await _desk.GetAsync(made.PrivacyRequestId, staff)).Originals);
    }

    private async Task<PrivacyRequest> AddAsync(string id, Guid person, Metadata staff) =>
        (
            await _desk.Requests.AddRequestSubjectAsync(
                new AddRequestSubjectRequest { PrivacyRequestId = id, PersonId = person.ToString("D") },
                staff,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;
}
