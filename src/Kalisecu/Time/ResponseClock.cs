using NodaTime;

namespace Kalisecu.Time;

/// <summary>Until when a privacy request has to be answered: GDPR art. 12(3), Regulation (EEC, Euratom) 1182/71 art. 3.</summary>
internal sealed class ResponseClock
{
    private readonly ResponseRule _rule;
    private readonly FrenchHolidays _holidays;

    /// <summary>The clock of one request.</summary>
    /// <param name="received">The day in Paris on which the request reached any official channel; it is not counted.</param>
    public ResponseClock(LocalDate received, FrenchHolidays holidays)
    {
        _rule = ResponseRule.For(received);
        _holidays = holidays;
        Received = received;
    }

    private ResponseClock(LocalDate received, ResponseRule rule, FrenchHolidays holidays) =>
        (Received, _rule, _holidays) = (received, rule, holidays);

    /// <summary>The clock as it was when its rules were stored, whatever the law and the settings say since.</summary>
    public static ResponseClock Stored(LocalDate received, string ruleVersion)
    {
        var parts = ruleVersion.Split('+');
        var rule = ResponseRule.All.Single(known => string.Equals(known.Version, parts[0], StringComparison.Ordinal));
        return new ResponseClock(received, rule, FrenchHolidays.Of(parts[1]));
    }

    public LocalDate Received { get; }

    /// <summary>The rules that give every date of this clock, to be stored beside them.</summary>
    public string RuleVersion => $"{_rule.Version}+{_holidays.Version}";

    /// <summary>The last day for the answer, and for the notice of an extension, whatever was suspended.</summary>
    public LocalDate Due => DueAfter(0);

    /// <summary>The last day for the answer once the extension was notified; counted from the receipt, never from <see cref="Due"/>.</summary>
    public LocalDate ExtendedDue => ExtendedDueAfter(0);

    public LocalDate DueAfter(int daysSuspended) => Roll(_rule.Base, daysSuspended);

    public LocalDate ExtendedDueAfter(int daysSuspended) => Roll(_rule.Extended, daysSuspended);

    /// <summary>Whether the notice of an extension may still leave: until 24:00 in Paris of <see cref="Due"/>.</summary>
    public bool MayExtendAt(Instant now) => Paris.DateOf(now) <= Due;

    // A day that the last month lacks becomes the last day of that month (1182/71 art. 3(2)(c)): the calendar's own rule.
    private LocalDate Roll(Period period, int daysSuspended) =>
        WorkingDays.Roll(Received.Plus(period).PlusDays(daysSuspended), _holidays);
}
