package contacts

import (
	"slices"
	"strings"
)

// CodeText is what the code of a [ValueError] or [FieldError] says, as the
// beginning of a sentence for people: "the date does not exist" for
// date_impossible. The hint of the error says more. Of a code that is not of
// this package it is the code's own words. The text is not API.
func CodeText(code string) string {
	if i, ok := slices.BinarySearchFunc(codeTexts[:], code, func(t codeText, code string) int { return strings.Compare(t.code, code) }); ok {
		return codeTexts[i].text
	}
	return strings.ReplaceAll(code, "_", " ")
}

type codeText struct{ code, text string }

// codeTexts are sorted by code.
var codeTexts = [...]codeText{
	{"activity_kind_unknown", "this is no kind of activity"},
	{"channel_missing", "it does not say which network the name is of"},
	{"channel_unknown", "this is no network that is known"},
	{"choice_unknown", "this is none of the choices"},
	{"country_ambiguous", "this may be more than one country"},
	{"country_empty", "there is no country"},
	{"country_unknown", "this is no country that is known"},
	{"custom_kind_mismatch", "the value is of another kind than the field"},
	{"custom_not_canonical", "the value is not written as values of the field are"},
	{"custom_unknown", "there is no such field"},
	{"date_bad_format", "the date is written in another way"},
	{"date_empty", "there is no date"},
	{"date_format_unknown", "this is no format of dates"},
	{"date_has_time", "there is a time of day behind the date"},
	{"date_impossible", "the date does not exist"},
	{"date_serial", "this is a number and no date"},
	{"date_two_digit_year", "the year has only two digits"},
	{"element_invalid", "the value cannot be read"},
	{"email_bad_domain", "this is no email address"},
	{"email_bad_local", "this is no email address"},
	{"email_display_name", "there is more than an email address"},
	{"email_empty", "there is no email address"},
	{"email_kind_missing", "it does not say what kind of email address this is"},
	{"email_kind_unknown", "this is no kind of email address"},
	{"email_literal", "the email address ends in a number instead of a name"},
	{"email_no_at", "this is no email address"},
	{"email_too_long", "the email address is too long"},
	{"email_two_addresses", "there are two email addresses"},
	{"enquiry_status_misplaced", "only an enquiry has a status"},
	{"enquiry_status_unknown", "this is no status of an enquiry"},
	{"field_default_invalid", "the default does not fit the field"},
	{"field_key_invalid", "this cannot be the key of a field"},
	{"field_key_taken", "the key of the field is taken"},
	{"field_kind_unknown", "this is no kind of field"},
	{"field_limit_invalid", "this cannot be the limit of a field"},
	{"field_name_missing", "the field has no name"},
	{"field_name_taken", "the name of the field is taken"},
	{"field_option_invalid", "this cannot be a choice"},
	{"field_option_twice", "a choice is given twice"},
	{"field_options_misplaced", "the field has no choices"},
	{"field_options_missing", "the field has no choices yet"},
	{"field_options_too_many", "there are too many choices"},
	{"invalid", "the value cannot be read"},
	{"key_empty", "there is no identifier"},
	{"key_kind_unknown", "this is no kind of identifier"},
	{"label_colour_invalid", "this is no colour"},
	{"label_invalid", "this cannot be a label"},
	{"label_taken", "the label is taken"},
	{"language_empty", "there is no language"},
	{"language_not_639_1", "the language is written in another way"},
	{"language_unknown", "this is no language that is known"},
	{"level_unknown", "this is no level"},
	{"number_invalid", "this is no number"},
	{"number_too_long", "the number is too long"},
	{"path_unknown", "there is no such field"},
	{"phone_bad_character", "there is more than a phone number"},
	{"phone_bad_country_code", "the country code cannot be"},
	{"phone_damaged", "the phone number was damaged"},
	{"phone_empty", "there is no phone number"},
	{"phone_extension", "there is an extension behind the phone number"},
	{"phone_kind_missing", "it does not say what kind of phone number this is"},
	{"phone_kind_unknown", "this is no kind of phone number"},
	{"phone_no_country_code", "the phone number has no country code"},
	{"phone_not_possible", "the phone number cannot be"},
	{"phone_not_valid", "there is no such phone number"},
	{"phone_too_long", "the phone number is too long"},
	{"phone_too_short", "the phone number is too short"},
	{"phone_two_numbers", "there are two phone numbers"},
	{"phone_unknown_region", "the region is unknown"},
	{"required", "a value is required"},
	{"source_invalid", "this cannot be the name of another system"},
	{"text_control_character", "the text holds a control character"},
	{"text_damaged", "the text was damaged"},
	{"text_invalid_utf8", "the text is not in its declared encoding"},
	{"text_too_long", "the text is too long"},
	{"too_many_fields", "there are too many fields"},
	{"too_many_labels", "there are too many labels"},
	{"too_many_values", "there are too many values"},
	{"type_unknown", "this is no type of contact"},
	{"url_invalid", "this is no web address"},
	{"value_invalid", "the value cannot be read"},
	{"value_missing", "there is no value"},
	{"yes_no_unknown", "this is neither yes nor no"},
}
