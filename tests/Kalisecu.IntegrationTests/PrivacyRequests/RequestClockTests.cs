using Grpc.Core;
using Grpc.Net.Client;
using Kalisecu.Certificates;
using Kalisecu.Errors.V1;
using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Persistence;
using Kalisecu.PrivacyRequests;
using Kalisecu.PrivacyRequests.V1;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.IntegrationTests.PrivacyRequests;

/// <summary>These move the clock of their server, so each has one of its own.</summary>
public sealed class RequestClockTests : IAsyncLifetime
{
    private const string Reasons = "Your data stands in many audits, which we have to sort out first.";

    private readonly TestServer _server = new();
    private readonly TestFolder _folder = new();
    private GrpcChannel? _channel;
    private RequestDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => _server.Clock.GetCurrentInstant();

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        // Months pass in these tests.
        _channel = _server.Connect(_server.Authorities.Issue(SpiffeKind.Frontend, "desk", Duration.FromDays(400)));
        _desk = new RequestDesk(_server, _channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_extension_is_refused_one_minute_too_late()
    {
        var made = await ReceiveAsync();
        MoveTo(Paris.EndOf(Day(made.DueDate)));

        var refusal = await Refused.WithAsync(ErrorReason.ExtensionTooLate, () => ExtendAsync(made.PrivacyRequestId));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal(0L, await _desk.CountAsync(made.PrivacyRequestId, "extension"));
    }

    [Fact]
    public async Task An_extension_in_the_last_minute_is_notified_with_its_reasons()
    {
        var made = await ReceiveAsync();
        MoveTo(Paris.EndOf(Day(made.DueDate)) - Duration.FromMinutes(1));

        var extended = await ExtendAsync(made.PrivacyRequestId);

        var clock = ResponseClock.Stored(Day(made.ReceivedDate), made.RuleVersion);
        Assert.Equal(made.DueDate, extended.DueDate);
        await SentAsync(made.PrivacyRequestId, Now);
        await RemindAsync();
        var notified = await _desk.GetAsync(made.PrivacyRequestId, await _desk.OfficerAsync());
        Assert.Equal(LocalDatePattern.Iso.Format(clock.ExtendedDue), notified.DueDate);
        var letter = await _desk.LetterAsync(made.PrivacyRequestId, "extension");
        Assert.Contains(Reasons, letter.Plain, StringComparison.Ordinal);
        Assert.Contains("3 place de Fontenoy, 75007 Paris", letter.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_whose_notice_left_too_late_extends_nothing()
    {
        var made = await ReceiveAsync();
        var end = Paris.EndOf(Day(made.DueDate));
        MoveTo(end - Duration.FromMinutes(1));
        await ExtendAsync(made.PrivacyRequestId);
        MoveTo(end + Duration.FromHours(1));
        await SentAsync(made.PrivacyRequestId, end + Duration.FromMinutes(1));

        await RemindAsync();

        var late = await _desk.GetAsync(made.PrivacyRequestId, await _desk.OfficerAsync());
        Assert.Equal(made.DueDate, late.DueDate);
        Assert.True(late.Overdue);
        Assert.NotNull(late.ExtendNoticeTime);
    }

    [Fact]
    public async Task A_question_about_the_identity_suspends_the_clock_until_its_answer()
    {
        var (made, staff) = (await ReceiveAsync(known: true), await _desk.OfficerAsync());
        await _desk.AskWithCodeAsync(made.PrivacyRequestId, staff);
        MoveTo(Now + Duration.FromDays(5));
        var code = await _desk.CodeAsync(made.PrivacyRequestId);

        var confirmed = await _desk.ConfirmAsync(made.PrivacyRequestId, code);
        var again = await _desk.ConfirmAsync(made.PrivacyRequestId, code);

        var clock = ResponseClock.Stored(Day(made.ReceivedDate), made.RuleVersion);
        var later = LocalDatePattern.Iso.Format(clock.DueAfter(5));
        var now = await _desk.GetAsync(made.PrivacyRequestId, await _desk.OfficerAsync());
        Assert.Equal(later, confirmed.DueDate);
        Assert.Equal(confirmed, again);
        Assert.Equal((made.DueDate, later), (now.DueDate, now.SuspendedDueDate));
    }

    [Fact]
    public async Task A_code_guessed_too_often_is_locked_until_staff_sends_another()
    {
        var (made, staff) = (await ReceiveAsync(known: true), await _desk.OfficerAsync());
        await _desk.AskWithCodeAsync(made.PrivacyRequestId, staff);
        var code = await _desk.CodeAsync(made.PrivacyRequestId);
        var wrong = code[..8] + (code[8] == '0' ? '1' : '0');
        for (var i = 0; i < 4; i++)
        {
            await Refused.WithAsync(
                ErrorReason.IdentityCodeNotValid,
                () => _desk.ConfirmAsync(made.PrivacyRequestId, wrong)
            );
        }

        await Refused.WithAsync(ErrorReason.IdentityCodeLocked, () => _desk.ConfirmAsync(made.PrivacyRequestId, wrong));
        await Refused.WithAsync(ErrorReason.IdentityCodeLocked, () => _desk.ConfirmAsync(made.PrivacyRequestId, code));
        await Refused.WithAsync(
            ErrorReason.IdentityCodeNotValid,
            () => _desk.ConfirmAsync(Guid.CreateVersion7().ToString("D"), code)
        );
        MoveTo(Now + Duration.FromMinutes(1));
        await _desk.AskWithCodeAsync(made.PrivacyRequestId, staff);
        await _desk.ConfirmAsync(made.PrivacyRequestId, await _desk.CodeAsync(made.PrivacyRequestId));
        Assert.Equal(
            "received identity_asked code_locked identity_asked identity_confirmed",
            await _desk.StepsAsync(made.PrivacyRequestId)
        );
    }

    [Fact]
    public async Task Two_who_act_at_once_are_told()
    {
        var (made, staff) = (await ReceiveAsync(), await _desk.OfficerAsync());
        var acknowledge = new AcknowledgePrivacyRequestRequest
        {
            PrivacyRequestId = made.PrivacyRequestId,
            Etag = made.Etag,
        };
        await _desk.Requests.AcknowledgePrivacyRequestAsync(acknowledge, staff, cancellationToken: Cancel);
        var refuse = new RefusePrivacyRequestRequest
        {
            PrivacyRequestId = made.PrivacyRequestId,
            Reasons = "The request repeats one that was answered last week.",
            Etag = made.Etag,
        };

        var refusal = await Refused.WithAsync(
            ErrorReason.ChangedSinceRead,
            async () => await _desk.Requests.RefusePrivacyRequestAsync(refuse, staff, cancellationToken: Cancel)
        );

        Assert.Equal(StatusCode.Aborted, refusal.StatusCode);
        refuse.Etag = "";
        var refused = await _desk.Requests.RefusePrivacyRequestAsync(refuse, staff, cancellationToken: Cancel);
        Assert.Equal(V1.PrivacyRequestState.Refused, refused.PrivacyRequest.State);
        var letter = await _desk.LetterAsync(made.PrivacyRequestId, "refusal");
        Assert.Contains("recours juridictionnel", letter.Plain, StringComparison.Ordinal);
        Assert.Contains("3 place de Fontenoy, 75007 Paris", letter.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reminders_go_out_once_before_the_date_and_alarms_after_it_until_the_answer()
    {
        var (made, closed) = (await ReceiveAsync(), await ReceiveAsync());
        await _desk.CompleteAsync(closed.PrivacyRequestId);
        var due = Day(made.DueDate);
        await RemindAsync();
        Assert.Equal(0L, await _desk.CountAsync(made.PrivacyRequestId, "reminder"));

        foreach (var days in (int[])[-10, -3, -1, 0])
        {
            MoveTo(Paris.At(due.PlusDays(days), 9));
            await RemindAsync();
            await RemindAsync();
        }

        Assert.Equal(4L, await _desk.CountAsync(made.PrivacyRequestId, "reminder"));
        MoveTo(Paris.EndOf(due));
        await RemindAsync();
        await RemindAsync();
        Assert.Equal(1L, await _desk.CountAsync(made.PrivacyRequestId, "overdue"));
        Assert.Equal(0L, await _desk.CountAsync(closed.PrivacyRequestId, "reminder"));
        Assert.StartsWith(
            "EN RETARD",
            (await _desk.LetterAsync(made.PrivacyRequestId, "overdue")).Subject,
            StringComparison.Ordinal
        );
        var late = await _desk.Requests.ListPrivacyRequestsAsync(
            new ListPrivacyRequestsRequest { Overdue = true },
            await _desk.OfficerAsync(),
            cancellationToken: Cancel
        );
        Assert.Equal(made.PrivacyRequestId, Assert.Single(late.PrivacyRequests).PrivacyRequestId);
        await _desk.CompleteAsync(made.PrivacyRequestId);
        MoveTo(Now + Duration.FromDays(30));
        await RemindAsync();
        Assert.Equal(1L, await _desk.CountAsync(made.PrivacyRequestId, "overdue"));
        Assert.True((await _desk.GetAsync(made.PrivacyRequestId, await _desk.OfficerAsync())).AnsweredLate);
        await VerifyChainAsync();
    }

    [Fact]
    public async Task A_tick_of_the_clock_reads_its_alarms_and_not_a_hundred_thousand_running_requests()
    {
        await _server.Given.RunAsync(
            """
            insert into privacy_requests (tenant_id, privacy_request_id, channel, state, language, received_date, due_date,
                rule_version, suspended_days, code_attempt_count, create_time, answered_late, next_alarm_time, update_time)
            select $1, gen_random_uuid(), 'Email', 'Received', 'Fr', $2, $3, 'gdpr-12-3/1+fr-holidays/1', 0, 0, $4, false,
                $4 + interval '3 days' + i * interval '1 second', $4
            from generate_series(1, 100000) i
            """,
            TenantScope.Platform,
            Paris.DateOf(Now),
            Paris.DateOf(Now).PlusDays(30),
            Now
        );
        await _server.Given.RunAsync("analyze privacy_requests");
        await using var source = _server.Database.OpenSuperuser();
        await using var explain = source.CreateCommand(
            "explain "
                + PrivacyRequestSql
                    .ClaimAlarms.Replace("{0}", "now()", StringComparison.Ordinal)
                    .Replace("{1}", "100", StringComparison.Ordinal)
        );
        var plan = new List<string>();
        await using (var lines = await explain.ExecuteReaderAsync(Cancel))
        {
            while (await lines.ReadAsync(Cancel))
            {
                plan.Add(lines.GetString(0));
            }
        }

        Assert.Contains(plan, line => line.Contains("ix_privacy_requests_next_alarm", StringComparison.Ordinal));
        Assert.Equal(0, await RemindAsync());
    }

    private async Task VerifyChainAsync()
    {
        var entries = await _server
            .Services.GetRequiredService<TenantDatabase>()
            .InTenantAsync(
                TenantScope.Platform,
                db => db.Set<EvidenceEntry>().AsNoTracking().OrderBy(e => e.Sequence).ToListAsync(Cancel),
                Cancel
            );
        Assert.NotEmpty(entries);
        var previous = new byte[32];
        foreach (var entry in entries)
        {
            Assert.Equal(previous, entry.PreviousHash);
            Assert.Equal(entry.ComputeHash(), entry.Hash);
            previous = entry.Hash;
        }
    }

    /// <summary>As the delivery worker does it: in its role, over the server's keys.</summary>
    private async Task<int> RemindAsync()
    {
        var settings = TestWorkerSettings.Make(_folder, Worker.Delivery, _server.Database);
        settings.Keys = _server.Settings.Keys;
        using var host = WorkerHost.Build(
            settings,
            Worker.Delivery,
            [PrivacyRequestsModule.Jobs],
            builder => builder.Services.AddSingleton<IClock>(_server.Clock)
        );
        return await host.Services.GetRequiredService<RemindOfRequests>().RemindAsync("worker:test", Cancel);
    }

    private Task<int> SentAsync(string id, Instant moment) =>
        _server.Given.RunAsync(
            "update letters set state = 'Sent', send_time = $2 where cause_id = $1 and kind = 'privacy_request.extension'",
            Guid.Parse(id),
            moment
        );

    private void MoveTo(Instant moment) => _server.Clock.Reset(moment);

    private async Task<V1.PrivacyRequest> ReceiveAsync(bool known = false)
    {
        var email = RequestDesk.Address();
        if (known)
        {
            await _server.Given.PersonAsync(await _server.Given.TenantAsync(), PersonKind.Contact, email);
        }

        return await _desk.ReceiveAsync(email, await _desk.OfficerAsync(), V1.Right.Access);
    }

    private async Task<V1.PrivacyRequest> ExtendAsync(string id) =>
        (
            await _desk.Requests.ExtendPrivacyRequestAsync(
                new ExtendPrivacyRequestRequest { PrivacyRequestId = id, Reasons = Reasons },
                await _desk.OfficerAsync(),
                cancellationToken: Cancel
            )
        ).PrivacyRequest;

    private static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
