using NodaTime;

namespace Kalisecu.Time;

/// <summary>When a company closes its books each year; 29 February stands for the last day of that month.</summary>
internal sealed record FinancialYear(AnnualDate Close)
{
    public static FinancialYear Calendar { get; } = new(new AnnualDate(12, 31));

    /// <summary>The close of the year to which a day belongs.</summary>
    public LocalDate CloseOf(LocalDate date)
    {
        var close = Close.InYear(date.Year);
        return date <= close ? close : Close.InYear(date.Year + 1);
    }
}
