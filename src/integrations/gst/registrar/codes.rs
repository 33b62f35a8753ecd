//! What the registrar says when it refuses: the authority's codes and its words for them.

/// One line of an answer that refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code, e.g. `2150`.
    pub code: String,
    /// The words, and which lines or fields are meant.
    pub message: String,
}

impl Refusal {
    /// A code with its usual words.
    pub fn of(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            message: words(code).to_owned(),
        }
    }

    /// A code, its usual words, and what exactly is meant.
    pub fn about(code: &str, detail: impl std::fmt::Display) -> Self {
        Self {
            code: code.to_owned(),
            message: format!("{}: {detail}", words(code)),
        }
    }
}

/// The usual words of a code.
pub fn words(code: &str) -> &'static str {
    WORDS
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("Application error, please try after some time", |found| {
            found.1
        })
}

/// Whether the registrar knows a code.
pub fn is_known(code: &str) -> bool {
    WORDS.iter().any(|(known, _)| *known == code)
}

const WORDS: &[(&str, &str)] = &[
    ("1004", "Header GSTIN is required"),
    ("1005", "Invalid Token"),
    ("1006", "User Name is required"),
    ("1007", "Authentication failed, the request is malformed"),
    ("1008", "Invalid login credentials"),
    ("1010", "Invalid Client-ID/Client-Secret"),
    ("1011", "Client Id is required"),
    ("1012", "Client Secret is required"),
    ("1013", "Decryption of password failed"),
    ("1014", "Inactive User"),
    ("1015", "Invalid GSTIN for this user"),
    ("1016", "Decryption of App Key failed"),
    ("1017", "Incorrect user id/User does not exist"),
    ("1018", "Client Id is not mapped to this user"),
    ("1019", "Incorrect Password"),
    (
        "2140",
        "Invalid Invoice Details, the JSON does not match the schema",
    ),
    (
        "2141",
        "Error while cancelling the IRN, please try after some time",
    ),
    ("2143", "The IRN belongs to another GSTIN"),
    (
        "2146",
        "Unable to create the IRN, please try after some time",
    ),
    (
        "2147",
        "Signing of the invoice failed, please try after some time",
    ),
    ("2148", "Requested IRN data is not available"),
    ("2150", "Duplicate IRN"),
    ("2154", "IRN details are not found"),
    ("2159", "Value of RegRev is invalid"),
    (
        "2162",
        "Reverse charge is not applicable for this type of supply",
    ),
    ("2163", "Document date cannot be a future date"),
    (
        "2169",
        "The caller is neither the supplier nor the e-commerce operator",
    ),
    (
        "2172",
        "For an intra-state transaction IGST is not applicable; only CGST and SGST are",
    ),
    ("2173", "Maximum number of items is exceeded"),
    (
        "2174",
        "For an inter-state transaction CGST and SGST are not applicable; only IGST is",
    ),
    ("2176", "HSN code is invalid"),
    ("2177", "Unit code is invalid"),
    (
        "2182",
        "AssVal is not equal to the sum of the taxable values of the items",
    ),
    (
        "2183",
        "SgstVal is not equal to the sum of SGST of the items",
    ),
    (
        "2184",
        "CgstVal is not equal to the sum of CGST of the items",
    ),
    (
        "2185",
        "IgstVal is not equal to the sum of IGST of the items",
    ),
    (
        "2186",
        "CesVal is not equal to the sum of cess of the items",
    ),
    (
        "2187",
        "StCesVal is not equal to the sum of state cess of the items",
    ),
    ("2189", "Invalid total invoice value"),
    ("2192", "Invalid gross amount"),
    ("2193", "Invalid assessable amount"),
    ("2194", "Invalid total item value"),
    ("2195", "The e-commerce GSTIN is not of an operator"),
    ("2200", "Invalid state code in dispatch or ship-to details"),
    ("2201", "Invalid port code"),
    ("2202", "Invalid country code"),
    ("2203", "Invalid currency code"),
    (
        "2211",
        "Supplier and recipient GSTIN should not be the same",
    ),
    (
        "2212",
        "Recipient GSTIN cannot be URP for this type of supply",
    ),
    ("2213", "Supplier GSTIN cannot be URP"),
    ("2226", "You are not allowed to read this IRN"),
    ("2227", "CGST and SGST of an item should be equal"),
    ("2228", "Item list cannot be empty"),
    (
        "2230",
        "This IRN cannot be cancelled because an active e-way bill exists for it",
    ),
    ("2231", "A SEZ unit cannot generate an IRN"),
    ("2232", "Place of supply should be 96 for exports"),
    ("2233", "Serial numbers of items should be unique"),
    ("2234", "SGST and CGST do not tally with value and rate"),
    ("2235", "IGST does not tally with value and rate"),
    ("2238", "Quantity is required for goods"),
    ("2239", "Unit is required for goods"),
    ("2240", "GST rate is invalid"),
    (
        "2242",
        "Place of supply cannot be 96 for this type of supply",
    ),
    ("2243", "Place of supply is invalid"),
    ("2244", "Pincode of the recipient is required"),
    (
        "2246",
        "The recipient is a SEZ unit or developer; the supply cannot be of this type",
    ),
    ("2247", "The recipient is not a SEZ unit or developer"),
    ("2248", "Recipient GSTIN should be URP for exports"),
    ("2255", "The request payload is empty"),
    ("2258", "Supplier GSTIN and its state code do not match"),
    ("2259", "State code of the supplier is invalid"),
    ("2260", "State code of the recipient is invalid"),
    (
        "2261",
        "State code of the recipient should be 96 for exports",
    ),
    ("2262", "IGST on intra-state supply needs reverse charge"),
    ("2265", "Recipient GSTIN and its state code do not match"),
    ("2266", "Cess does not tally with value and rate"),
    ("2267", "State cess does not tally with value and rate"),
    (
        "2268",
        "IGST on intra-state supply is not applicable for exports and SEZ",
    ),
    ("2269", "State code of the recipient cannot be 96"),
    (
        "2270",
        "The allowed cancellation time limit is crossed, you cannot cancel the IRN",
    ),
    ("2271", "State code of ship-to cannot be 96"),
    ("2272", "Pincode of ship-to cannot be 999999"),
    ("2273", "State code of dispatch cannot be 96"),
    ("2274", "Pincode of the recipient cannot be 999999"),
    ("2275", "Pincode of the supplier cannot be 999999"),
    ("2276", "Pincode of dispatch cannot be 999999"),
    (
        "2278",
        "IRN was generated for this document and is cancelled; it cannot be generated again",
    ),
    ("2279", "Version is invalid"),
    ("2280", "Document type is invalid"),
    ("2281", "Document number is invalid"),
    ("2282", "Document date is invalid"),
    (
        "2283",
        "IRN details cannot be provided as it is generated more than 2 days prior",
    ),
    (
        "2284",
        "Document date is before the first date that can be reported",
    ),
    ("2292", "Document date should be in the format dd/mm/yyyy"),
    (
        "2293",
        "Date of a preceding document should be in the format dd/mm/yyyy",
    ),
    (
        "2294",
        "IGST on intra-state supply is not applicable for an inter-state transaction",
    ),
    ("2295", "The document is registered through another IRP"),
    ("2296", "Data not found"),
    (
        "2297",
        "Reverse charge is not applicable for an ISD recipient",
    ),
    (
        "2298",
        "Recipient of a deemed export should be regular or casual",
    ),
    ("2299", "The e-commerce operator cannot be the supplier"),
    ("2300", "The e-commerce operator cannot be the recipient"),
    ("2301", "This type of taxpayer cannot generate an IRN"),
    ("2302", "IRN is not active"),
    (
        "2303",
        "Place of supply can be 96 on B2B only for HSN 9965 and 9968",
    ),
    (
        "2305",
        "Document date is older than the time limit for reporting",
    ),
    (
        "2323",
        "GSTIN of ship-to should not be that of the recipient",
    ),
    ("2325", "GSTIN of ship-to and its state code do not match"),
    ("3001", "Requested data is not available"),
    ("3026", "E-invoicing is not enabled for this GSTIN"),
    ("3028", "GSTIN is not available in the e-invoice portal"),
    ("3029", "GSTIN is not active"),
    ("3038", "Pincode does not exist"),
    ("3039", "Pincode does not belong to the state"),
    ("3047", "HSN is not of goods"),
    ("3048", "HSN is not of a service"),
    ("3095", "The client is disabled for too many bad requests"),
    ("3096", "The GSTIN is disabled for too many bad requests"),
    ("3108", "Request limit exceeded, please try after some time"),
    ("3109", "Request limit of the day exceeded"),
    ("4000", "The IRN is not active"),
    ("4002", "E-way bill is already generated for this IRN"),
    ("4003", "The IRN is not found"),
    ("4009", "E-way bill needs at least one item of goods"),
    (
        "4010",
        "E-way bill cannot be generated for CRN, DBN and services",
    ),
    ("4011", "Vehicle number is required for road"),
    (
        "4012",
        "Transport document number and date are required for rail, air and ship",
    ),
    ("4013", "Distance is invalid"),
    ("4014", "Vehicle number is invalid"),
    ("4015", "Generation is blocked for non-filing of returns"),
    ("4018", "Transporter id is invalid"),
    (
        "4019",
        "Transporter id is required where Part B is not given",
    ),
    (
        "4029",
        "Distance is required where both pincodes are the same",
    ),
    ("4031", "Ship-to details are required for exports"),
    ("4043", "Document date is older than 180 days"),
    ("4074", "GSTIN of ship-to is required"),
    ("4075", "GSTIN of ship-to is invalid"),
    (
        "4076",
        "GSTIN of ship-to should not be that of the recipient",
    ),
    ("5001", "Application error, please try after some time"),
    (
        "5002",
        "Application error: the JSON does not match the schema",
    ),
    ("9999", "Invoice is not active"),
];
