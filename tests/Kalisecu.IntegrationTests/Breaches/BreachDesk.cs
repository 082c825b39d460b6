using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Kalisecu.Breaches;
using Kalisecu.Breaches.V1;
using Kalisecu.Certificates;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Kalisecu.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;
using BreachAssessment = Kalisecu.Breaches.V1.BreachAssessment;
using BreachCause = Kalisecu.Breaches.V1.BreachCause;
using BreachData = Kalisecu.Breaches.V1.BreachData;
using BreachHarm = Kalisecu.Breaches.V1.BreachHarm;
using BreachNature = Kalisecu.Breaches.V1.BreachNature;
using BreachOrigin = Kalisecu.Breaches.V1.BreachOrigin;
using BreachPersons = Kalisecu.Breaches.V1.BreachPersons;
using BreachRisk = Kalisecu.Breaches.V1.BreachRisk;
using BreachSeverity = Kalisecu.Breaches.V1.BreachSeverity;
using Duration = NodaTime.Duration;
using V1 = Kalisecu.Breaches.V1;

namespace Kalisecu.IntegrationTests.Breaches;

/// <summary>The person on call, through the real server, and the worker over its database, under one clock that the test moves.</summary>
internal sealed class BreachDesk : IAsyncDisposable
{
    public const string SummaryFr = "Un rapport d'audit a été envoyé à un autre client que le sien.";
    public const string SummaryEn = "An audit report was sent to another client than its own.";
    public const string AdviceFr = "Le rapport a été détruit ; changez le mot de passe qui y figurait.";
    public const string AdviceEn = "The report was destroyed; change the password that stood in it.";

    private readonly TestFolder _folder = new();
    private readonly TestServer _server;
    private readonly GrpcChannel _channel;
    private readonly List<IHost> _hosts = [];

    public BreachDesk(TestServer server)
    {
        _server = server;
        // PostgreSQL keeps microseconds.
        server.Clock.Reset(Instant.FromUnixTimeSeconds(server.Clock.GetCurrentInstant().ToUnixTimeSeconds()));
        // Days pass in these tests.
        _channel = server.Connect(server.Authorities.Issue(SpiffeKind.Frontend, "desk", Duration.FromDays(400)));
        Breaches = new V1.BreachService.BreachServiceClient(_channel);
        Alarms = new BreachOptions
        {
            Recipients = ["ada@kalisecu.test", "jeanne@kalisecu.test"],
            Escalation = ["chef@kalisecu.test"],
        };
    }

    public V1.BreachService.BreachServiceClient Breaches { get; }

    /// <summary>Whom the worker alarms.</summary>
    public BreachOptions Alarms { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Instant Now => _server.Clock.GetCurrentInstant();

    public static Instant InParis(string local) =>
        LocalDateTimePattern
            .CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm")
            .Parse(local)
            .Value.InZoneStrictly(Paris.Zone)
            .ToInstant();

    public static Timestamp At(Instant moment) => Timestamp.FromDateTimeOffset(moment.ToDateTimeOffset());

    /// <summary>Days pass, and nobody stays signed in so long.</summary>
    public Task<Metadata> OfficerAsync() => _server.Given.SignedInAsync(Role.StaffDpo);

    public async Task<V1.Breach> DeclareAsync(bool drill = false) =>
        (
            await Breaches.DeclareBreachAsync(
                new DeclareBreachRequest
                {
                    RequestId = Guid.CreateVersion7().ToString("D"),
                    Facts = SummaryFr,
                    Circumstances = "Le destinataire l'a signalé par téléphone.",
                    OccurTime = At(Now - Duration.FromHours(3)),
                    DetectTime = At(Now - Duration.FromHours(1)),
                    Drill = drill,
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    /// <summary>A breach of which we are aware since now.</summary>
    public async Task<V1.Breach> AwareAsync(bool drill = false)
    {
        var declared = await DeclareAsync(drill);
        return await AwareAsync(declared.BreachId, Now);
    }

    public async Task<V1.Breach> AwareAsync(string id, Instant since) =>
        (
            await Breaches.RecordAwarenessAsync(
                new RecordAwarenessRequest
                {
                    BreachId = id,
                    AwareTime = At(since),
                    Grounds = "Le destinataire a montré le rapport reçu.",
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> AssessAsync(string id, BreachRisk risk = BreachRisk.High, Instant? end = null) =>
        (
            await Breaches.AssessBreachAsync(
                new AssessBreachRequest
                {
                    BreachId = id,
                    Assessment = Assessment(risk),
                    EndTime = end is { } known ? At(known) : null,
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> DecideAsync(
        string id,
        V1.NotificationDecision decision = V1.NotificationDecision.Notify
    ) =>
        (
            await Breaches.DecideNotificationAsync(
                new DecideNotificationRequest
                {
                    BreachId = id,
                    Decision = decision,
                    Reasons = "Des coordonnées et un rapport confidentiel sont sortis.",
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> FinishAsync(string id, bool complete = false, string delayReasons = "") =>
        (
            await Breaches.FinishNotificationAsync(
                new FinishNotificationRequest
                {
                    BreachId = id,
                    Complete = complete,
                    DelayReasons = delayReasons,
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> FiledAsync(string id, string receipt) =>
        (
            await Breaches.RecordNotificationReceiptAsync(
                new RecordNotificationReceiptRequest
                {
                    BreachId = id,
                    ReceiptNumber = receipt,
                    SubmitTime = At(Now),
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> DecidePersonsAsync(string id, V1.CommunicationDecision decision) =>
        (
            await Breaches.DecideCommunicationAsync(
                new DecideCommunicationRequest
                {
                    BreachId = id,
                    Communication = decision,
                    Reasons = "Le rapport décrit des failles encore ouvertes.",
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> FindAsync(string id, Guid tenant) =>
        (
            await Breaches.FindAffectedAsync(
                new FindAffectedRequest
                {
                    BreachId = id,
                    Stores = { "members" },
                    TenantIds = { tenant.ToString("D") },
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task TellPersonsAsync(string id) =>
        await Breaches.TellPersonsAsync(
            new TellPersonsRequest
            {
                BreachId = id,
                SummaryFr = SummaryFr,
                SummaryEn = SummaryEn,
                AdviceFr = AdviceFr,
                AdviceEn = AdviceEn,
            },
            await OfficerAsync(),
            cancellationToken: Cancel
        );

    public async Task TellClientsAsync(string id) =>
        await Breaches.TellClientsAsync(
            new TellClientsRequest
            {
                BreachId = id,
                SummaryFr = SummaryFr,
                SummaryEn = SummaryEn,
                AdviceFr = AdviceFr,
                AdviceEn = AdviceEn,
            },
            await OfficerAsync(),
            cancellationToken: Cancel
        );

    public async Task<V1.Breach> CloseAsync(string id) =>
        (
            await Breaches.CloseBreachAsync(
                new CloseBreachRequest
                {
                    BreachId = id,
                    Lessons = "Les destinataires sont vérifiés par deux personnes.",
                },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> AcknowledgeAsync(string id) =>
        (
            await Breaches.AcknowledgeBreachAlarmAsync(
                new AcknowledgeBreachAlarmRequest { BreachId = id },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<V1.Breach> GetAsync(string id) =>
        (
            await Breaches.GetBreachAsync(
                new GetBreachRequest { BreachId = id },
                await OfficerAsync(),
                cancellationToken: Cancel
            )
        ).Breach;

    public async Task<GetNotificationFileResponse> FileAsync(string id, int number = 0) =>
        await Breaches.GetNotificationFileAsync(
            new GetNotificationFileRequest { BreachId = id, Number = number },
            await OfficerAsync(),
            cancellationToken: Cancel
        );

    /// <summary>What a worker reads, over the server's database and keys.</summary>
    public WorkerSettings WorkerSettings()
    {
        var settings = TestWorkerSettings.Make(_folder, Kalisecu.Jobs.Worker.BreachNotification, _server.Database);
        settings.Keys = _server.Settings.Keys;
        settings.Breaches = Alarms;
        return settings;
    }

    /// <summary>A worker as it runs, in its role, over the server's clock as well.</summary>
    public IHost Worker()
    {
        var host = WorkerHost.Build(
            WorkerSettings(),
            Kalisecu.Jobs.Worker.BreachNotification,
            [BreachesModule.Jobs],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<IClock>(_server.Clock);
            }
        );
        _hosts.Add(host);
        return host;
    }

    public static Task<int> TickAsync(IHost worker) =>
        worker.Services.GetRequiredService<AlarmAboutBreaches>().TickAsync("worker:test", Cancel);

    public static Task<int> TellAsync(IHost worker) =>
        worker.Services.GetRequiredService<TellAffected>().TellAsync("worker:test", Cancel);

    /// <summary>Recipients and subjects of the letters of a kind, oldest first.</summary>
    public async Task<List<(string Recipient, string Subject, string Plain)>> LettersAsync(string id, string kind)
    {
        await using var source = _server.Database.OpenSuperuser();
        await using var command = source.CreateCommand(
            """
            select tenant_id, letter_id, recipient, subject, text_body from letters where cause_id = $1 and kind = $2
            order by create_time, letter_id
            """
        );
        command.Parameters.AddWithValue(Guid.Parse(id));
        command.Parameters.AddWithValue("breach." + kind);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var keys = _server.Services.GetRequiredService<KeyRing>();
        var letters = new List<(string, string, string)>();
        while (await reader.ReadAsync(Cancel))
        {
            var (key, letter) = (keys.For(reader.GetGuid(0)), reader.GetGuid(1));
            letters.Add(
                (
                    key.DecryptText(await reader.GetFieldValueAsync<byte[]>(2, Cancel), "recipient", letter),
                    key.DecryptText(await reader.GetFieldValueAsync<byte[]>(3, Cancel), "subject", letter),
                    key.DecryptText(await reader.GetFieldValueAsync<byte[]>(4, Cancel), "text_body", letter)
                )
            );
        }

        return letters;
    }

    /// <summary>The steps of a breach, in the order of the chain.</summary>
    public Task<string> StepsAsync(string id) =>
        _server.Given.AskAsync<string>(
            """
            select coalesce(string_agg(substring(kind from '\.(.*)$'), ' ' order by sequence), '') from evidence_entries
            where subject_id = $1 and kind like 'breach.%'
            """,
            Guid.Parse(id)
        );

    public ValueTask DisposeAsync()
    {
        _hosts.ForEach(h => h.Dispose());
        _channel.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static BreachAssessment Assessment(BreachRisk risk) =>
        new()
        {
            Natures = { BreachNature.Confidentiality },
            Origin = BreachOrigin.WrongRecipient,
            Cause = BreachCause.InternalAccidental,
            Data = { BreachData.CivilStatus, BreachData.Contact },
            RecordCount = 12,
            Persons = { BreachPersons.Clients },
            PersonCount = 2,
            MeasuresBefore = "Chiffrement, isolation des clients, journal des accès.",
            Consequences = "Un tiers a lu un rapport confidentiel.",
            Harms = { BreachHarm.LossOfControl, BreachHarm.Reputation },
            Severity = BreachSeverity.Limited,
            Risk = risk,
            MeasuresAfter = "Destruction confirmée par écrit ; contrôle des destinataires.",
        };
}
