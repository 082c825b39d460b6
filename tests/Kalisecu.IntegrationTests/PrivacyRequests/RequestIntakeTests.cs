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

public sealed class RequestIntakeTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly RequestDesk _desk = new(server);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Right> Rights() => [.. Enum.GetValues<Right>().Where(r => r is not Right.Unspecified)];

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task A_member_asks_for_a_right_and_is_answered(Right right)
    {
        var (headers, _, member) = await _desk.MemberAsync(RequestDesk.Address());

        var made = await _desk.CreateAsync(headers, everywhere: false, right);
        await _desk.RecordOutcomeAsync(made.PrivacyRequestId, Of(right));
        var closed = await CompleteAsync(made.PrivacyRequestId);

        Assert.Equal(IdentityMethod.Session, made.IdentityMethod);
        Assert.Equal(PrivacyRequestState.Acknowledged, made.State);
        Assert.Equal(member.ToString("D"), Assert.Single(made.Subjects).PersonId);
        Assert.Equal(PrivacyRequestState.Completed, closed.State);
        Assert.Equal(RightOutcome.Granted, Assert.Single(closed.Rights).Outcome);
        Assert.Contains(
            "CNIL",
            (await _desk.LetterAsync(made.PrivacyRequestId, "answer")).Plain,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "received acknowledged identity_confirmed completed",
            await _desk.StepsAsync(made.PrivacyRequestId)
        );
    }

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
        await _desk.RecordOutcomeAsync(made.PrivacyRequestId, Of(right));
        var closed = await CompleteAsync(made.PrivacyRequestId);

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
    public async Task A_member_learns_of_other_tenants_only_with_the_code_sent_to_the_address()
    {
        var email = RequestDesk.Address();
        var (headers, _, _) = await _desk.MemberAsync(email);
        await _desk.MemberAsync(email);

        var made = await _desk.CreateAsync(headers, everywhere: true, Right.Access);
        var letter = await _desk.LetterAsync(made.PrivacyRequestId, "identity");
        await ConfirmAsync(made.PrivacyRequestId, CodeIn(letter.Plain));
        var known = await GetAsync(made.PrivacyRequestId, headers);

        Assert.Single(made.Subjects);
        Assert.Equal(PrivacyRequestState.AwaitingIdentity, made.State);
        Assert.Equal(email, letter.Recipient);
        Assert.Equal(2, known.Subjects.Count);
        Assert.Equal(IdentityMethod.Code, known.IdentityMethod);
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
        await AskWithCodeAsync(made.PrivacyRequestId, staff);
        await ConfirmAsync(
            made.PrivacyRequestId,
            CodeIn((await _desk.LetterAsync(made.PrivacyRequestId, "identity")).Plain)
        );

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
        await AskWithCodeAsync(made.PrivacyRequestId, staff);
        var question = await _desk.LetterAsync(made.PrivacyRequestId, "identity");
        await ConfirmAsync(made.PrivacyRequestId, CodeIn(question.Plain));

        await _desk.RecordOutcomeAsync(made.PrivacyRequestId, Of(Right.Access));
        await CompleteAsync(made.PrivacyRequestId);

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

        var closed = await CompleteAsync(made.PrivacyRequestId);

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

        await Refused.WithAsync(ErrorReason.PersonsFound, () => CompleteAsync(made.PrivacyRequestId));

        var added = await _desk.Requests.AddRequestSubjectAsync(
            new AddRequestSubjectRequest { PrivacyRequestId = made.PrivacyRequestId, PersonId = person.ToString("D") },
            staff,
            cancellationToken: Cancel
        );
        Assert.Equal(person.ToString("D"), Assert.Single(added.PrivacyRequest.Subjects).PersonId);
    }

    [Fact]
    public async Task A_duplicate_is_recorded_linked_and_answered_with_what_was_done()
    {
        var email = RequestDesk.Address();
        var (headers, _, _) = await _desk.MemberAsync(email);
        var staff = await _desk.OfficerAsync();
        var first = await _desk.CreateAsync(headers, everywhere: false, Right.Access);

        var second = await _desk.ReceiveAsync(email, staff, Right.Access);
        var other = await _desk.ReceiveAsync(email, staff, Right.Erasure);
        await _desk.RecordOutcomeAsync(first.PrivacyRequestId, Kalisecu.PrivacyRequests.Right.Access);
        await CompleteAsync(first.PrivacyRequestId);
        await _desk.Requests.JudgeIdentityAsync(
            new JudgeIdentityRequest { PrivacyRequestId = second.PrivacyRequestId, Grounds = "The same person wrote." },
            staff,
            cancellationToken: Cancel
        );
        var closed = await CompleteAsync(second.PrivacyRequestId);

        Assert.Equal(first.PrivacyRequestId, second.LinkedPrivacyRequestId);
        Assert.Equal("", other.LinkedPrivacyRequestId);
        Assert.Equal(RightOutcome.Granted, Assert.Single(closed.Rights).Outcome);
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
        Assert.Single((await GetAsync(made.PrivacyRequestId, staff)).Originals);
    }

    [Fact]
    public async Task A_member_sees_and_changes_no_request_of_anybody_else()
    {
        var (headers, _, _) = await _desk.MemberAsync(RequestDesk.Address());
        var (others, _, _) = await _desk.MemberAsync(RequestDesk.Address());
        var made = await _desk.CreateAsync(others, everywhere: false, Right.Access);

        await Refused.WithAsync(ErrorReason.NotFound, () => GetAsync(made.PrivacyRequestId, headers));
        await Refused.WithAsync(
            ErrorReason.NotFound,
            async () =>
                await _desk.Requests.WithdrawPrivacyRequestAsync(
                    new WithdrawPrivacyRequestRequest { PrivacyRequestId = made.PrivacyRequestId },
                    headers,
                    cancellationToken: Cancel
                )
        );
        var own = await _desk.Requests.ListPrivacyRequestsAsync(
            new ListPrivacyRequestsRequest(),
            headers,
            cancellationToken: Cancel
        );
        Assert.Empty(own.PrivacyRequests);
    }

    private async Task<PrivacyRequest> CompleteAsync(string id) =>
        (
            await _desk.Requests.CompletePrivacyRequestAsync(
                new CompletePrivacyRequestRequest { PrivacyRequestId = id },
                await _desk.OfficerAsync(),
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    private async Task<PrivacyRequest> GetAsync(string id, Metadata headers) =>
        (
            await _desk.Requests.GetPrivacyRequestAsync(
                new GetPrivacyRequestRequest { PrivacyRequestId = id },
                headers,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    private async Task<PrivacyRequest> AddAsync(string id, Guid person, Metadata staff) =>
        (
            await _desk.Requests.AddRequestSubjectAsync(
                new AddRequestSubjectRequest { PrivacyRequestId = id, PersonId = person.ToString("D") },
                staff,
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    private async Task AskWithCodeAsync(string id, Metadata staff) =>
        await _desk.Requests.AskForIdentityAsync(
            new AskForIdentityRequest
            {
                PrivacyRequestId = id,
                WithCode = true,
                Question = "Êtes-vous bien la personne que nous connaissons ?",
                Grounds = "The mail came from an address that anybody can write from.",
            },
            staff,
            cancellationToken: Cancel
        );

    private async Task ConfirmAsync(string id, string code) =>
        await _desk.Requests.ConfirmIdentityAsync(
            new ConfirmIdentityRequest { PrivacyRequestId = id, Code = code },
            cancellationToken: Cancel
        );

    private static string CodeIn(string letter) =>
        letter.Split('\n').Single(line => line.Length == 9 && line.Count(char.IsAsciiDigit) == 8);

    private static Kalisecu.PrivacyRequests.Right Of(Right right) =>
        Enum.Parse<Kalisecu.PrivacyRequests.Right>(right.ToString());
}
