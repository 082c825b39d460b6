using CsCheck;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.Tests.Time;

public sealed class CalendarPeriodTests
{
    private static readonly CalendarPeriod[] All =
    [
        CalendarPeriod.Prospects,
        CalendarPeriod.TechnicalData,
        CalendarPeriod.Invoices,
        CalendarPeriod.Logs,
        CalendarPeriod.Proof,
        CalendarPeriod.ClientData,
        CalendarPeriod.Archive,
        CalendarPeriod.Repeats,
        CalendarPeriod.JobRuns,
    ];

    [Fact]
    public void An_invoice_goes_ten_years_after_the_close_of_its_financial_year() =>
        Assert.Equal(
            new LocalDate(2037, 1, 1),
            CalendarPeriod.Invoices.GoesOn(FinancialYear.Calendar.CloseOf(new LocalDate(2026, 3, 15)))
        );

    [Theory]
    [InlineData(2026, 6, 30, 2026)]
    [InlineData(2026, 7, 1, 2027)]
    [InlineData(2026, 1, 1, 2026)]
    public void A_day_belongs_to_the_year_whose_close_comes_next(int year, int month, int day, int closeYear) =>
        Assert.Equal(
            new LocalDate(closeYear, 6, 30),
            new FinancialYear(new AnnualDate(6, 30)).CloseOf(new LocalDate(year, month, day))
        );

    [Fact]
    public void A_year_that_closes_at_the_end_of_February_knows_leap_years()
    {
        var year = new FinancialYear(new AnnualDate(2, 29));

        Assert.Equal(new LocalDate(2028, 2, 29), year.CloseOf(new LocalDate(2028, 2, 1)));
        Assert.Equal(new LocalDate(2027, 2, 28), year.CloseOf(new LocalDate(2026, 3, 1)));
    }

    [Fact]
    public void A_period_ends_on_any_day_and_never_rolls()
    {
        // Saturday 4 May 2030, and New Year's Day.
        Assert.Equal(new LocalDate(2030, 5, 4), CalendarPeriod.Prospects.LastDay(new LocalDate(2027, 5, 4)));
        Assert.Equal(new LocalDate(2027, 1, 1), CalendarPeriod.TechnicalData.LastDay(new LocalDate(2026, 1, 1)));
    }

    [Fact]
    public void A_day_that_the_last_month_lacks_becomes_its_last() =>
        Assert.Equal(new LocalDate(2029, 2, 28), CalendarPeriod.TechnicalData.LastDay(new LocalDate(2028, 2, 29)));

    [Fact]
    public void Whatever_is_kept_goes_at_midnight_in_Paris_after_its_last_day() =>
        Gen.Select(
                Gen.Int[0, 6209].Select(new LocalDate(2024, 1, 1).PlusDays),
                Gen.Int[0, All.Length - 1].Select(i => All[i])
            )
            .Sample(
                (start, period) =>
                    Paris.DateOf(period.GoesAt(start)) == period.GoesOn(start)
                    && Paris.DateOf(period.GoesAt(start) - Duration.Epsilon) == period.LastDay(start)
            );

    [Fact]
    public void Every_period_has_a_version_of_its_own() =>
        Assert.Equal(All.Length, All.Select(p => p.Version).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void What_has_ended_is_what_started_before_the_day_whose_period_is_not_over() =>
        Gen.Select(
                Gen.Int[0, 6209].Select(new LocalDate(2024, 1, 1).PlusDays),
                Gen.Int[0, All.Length - 1].Select(i => All[i])
            )
            .Sample(
                (start, period) =>
                {
                    var goes = period.GoesAt(start);
                    return Paris.StartOf(start) >= period.EndedBefore(goes - Duration.FromSeconds(1))
                        && Paris.EndOf(start) - Duration.Epsilon < period.EndedBefore(goes);
                }
            );

    [Fact]
    public void An_invoice_of_a_year_that_ends_in_June_goes_on_the_first_of_July_ten_years_later()
    {
        var year = new FinancialYear(new AnnualDate(6, 30));

        Assert.Equal(new LocalDate(2036, 7, 1), CalendarPeriod.Invoices.GoesOn(year.CloseOf(new(2026, 6, 30))));
        Assert.Equal(new LocalDate(2037, 7, 1), CalendarPeriod.Invoices.GoesOn(year.CloseOf(new(2026, 7, 1))));
    }
}
