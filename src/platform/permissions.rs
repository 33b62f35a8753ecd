//! Who may do what: a closed set of types.
//!
//! A permission is an empty type. A handler names one in `Allowed<P>` and gets nothing to query with otherwise. Each belongs to a door
//! (the part of the house that the address is in) and names the roles that have it; the page "Roles" prints this table.

/// A door of the house: what an address is about, and so what a person must be to pass.
pub trait Door: 'static {
    /// The door, as a value.
    const KIND: DoorKind;
}

/// The doors as values: for the route table and for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoorKind {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody who is signed in.
    Person,
    /// Platform admins.
    Platform,
    /// A company's employees, under `/c/{company}`.
    Company,
    /// A retailer's people, under `/r/{retailer}`.
    Retailer,
    /// A retailer's people at one supplier, under `/r/{retailer}/{supplier}`.
    Shop,
}

macro_rules! doors {
    ($($(#[$about:meta])* $door:ident)*) => { $(
        $(#[$about])*
        pub struct $door;
        impl Door for $door { const KIND: DoorKind = DoorKind::$door; }
    )* };
}
doors! {
    /// See [`DoorKind::Anyone`].
    Anyone
    /// See [`DoorKind::Person`].
    Person
    /// See [`DoorKind::Platform`].
    Platform
    /// See [`DoorKind::Company`].
    Company
    /// See [`DoorKind::Retailer`].
    Retailer
    /// See [`DoorKind::Shop`].
    Shop
}

/// A role of an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Owns the company: everything, and who else may what.
    Owner,
    /// Runs the company day by day.
    Manager,
    /// Sells: customers, orders, prices.
    Sales,
    /// Works in the warehouse.
    Warehouse,
    /// Keeps the books.
    Accounts,
    /// Plans trips.
    Dispatcher,
    /// Drives and delivers.
    Driver,
    /// Looks, changes nothing.
    Viewer,
}

/// A role at a retailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShopRole {
    /// Owns the shop: everything, and who else may what.
    Owner,
    /// Orders.
    Buyer,
    /// Approves orders over a buyer's limit.
    Approver,
    /// Sees bills and pays.
    Accounts,
}

macro_rules! role_words {
    ($role:ident: $($variant:ident $code:literal $label:literal $about:literal)*) => {
        impl $role {
            /// Every role, the mightiest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// As people say it; a key of the message catalogue.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// What the role is for; a key of the message catalogue.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),* }
            }

            /// The role of a stored code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
// labels: every literal in this file that begins with a capital letter is a key of the message catalogue.
role_words! { Role:
    Owner "owner" "Owner" "Everything, and who else may do what."
    Manager "manager" "Manager" "Runs the company day by day."
    Sales "sales" "Sales" "Customers, orders and prices."
    Warehouse "warehouse" "Warehouse" "Stock, picking and packing."
    Accounts "accounts" "Accounts" "Invoices, payments and the books."
    Dispatcher "dispatcher" "Dispatcher" "Plans trips and deliveries."
    Driver "driver" "Driver" "Delivers and brings proof."
    Viewer "viewer" "Viewer" "Sees, and changes nothing."
}
role_words! { ShopRole:
    Owner "owner" "Owner" "Everything, and who else may do what."
    Buyer "buyer" "Buyer" "Fills the cart and orders."
    Approver "approver" "Approver" "Approves orders over a buyer's limit."
    Accounts "accounts" "Accounts" "Sees bills and pays them."
}

/// A thing that a person may be allowed to do.
pub trait Permission: 'static {
    /// The door it belongs to.
    type Door: Door;
    /// Its name in logs and in the route table, e.g. `people.read`.
    const NAME: &'static str;
    /// What it allows, in words; a key of the message catalogue.
    const ABOUT: &'static str;
    /// The employees' roles that have it.
    const ROLES: &'static [Role];
    /// The retailers' roles that have it.
    const SHOP_ROLES: &'static [ShopRole];
}

/// A permission as a value.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, e.g. `people.read`.
    pub name: &'static str,
    /// What it allows, in words.
    pub about: &'static str,
    /// The door it belongs to.
    pub door: DoorKind,
    /// The employees' roles that have it.
    pub roles: &'static [Role],
    /// The retailers' roles that have it.
    pub shop_roles: &'static [ShopRole],
}

macro_rules! permissions {
    ($($door:ident { $($name:ident $code:literal $about:literal [$($role:ident)*] [$($shop:ident)*])* })*) => {
        $($(
            #[doc = $about]
            pub struct $name;
            impl Permission for $name {
                type Door = $door;
                const NAME: &'static str = $code;
                const ABOUT: &'static str = $about;
                const ROLES: &'static [Role] = &[$(Role::$role),*];
                const SHOP_ROLES: &'static [ShopRole] = &[$(ShopRole::$shop),*];
            }
        )*)*
        /// Every permission there is.
        pub const ALL: &[Entry] = &[$($(
            Entry { name: $name::NAME, about: $name::ABOUT, door: <$name as Permission>::Door::KIND, roles: $name::ROLES, shop_roles: $name::SHOP_ROLES }
        ),*),*];
    };
}

permissions! {
    Anyone {
        SignIn "sign-in" "Sign in, ask for a code, accept an invitation" [] []
        ReadHelp "help.read" "Read help and privacy" [] []
        Probe "probe" "See whether the application is alive" [] []
        CallGateway "gateway.call" "Tell of a payment, as its gateway" [] []
    }
    Person {
        ManageSelf "self.manage" "Change own profile, password and sessions" [] []
        SignOut "sign-out" "Sign out" [] []
    }
    Platform {
        RunPlatform "platform.run" "Open and suspend companies, invite people, see jobs" [] []
    }
    Company {
        ReadDashboard "dashboard.read" "See the dashboard and search" [Owner Manager Sales Warehouse Accounts Dispatcher Driver Viewer] []
        ReadCompany "company.read" "See the company's profile and registrations" [Owner Manager Sales Warehouse Accounts Dispatcher Driver Viewer] []
        EditCompany "company.edit" "Change the company's profile, brand and registrations" [Owner Manager] []
        ReadPeople "people.read" "See who works here and who may do what" [Owner Manager Sales Warehouse Accounts Dispatcher Driver Viewer] []
        ManagePeople "people.manage" "Invite people, change roles, end access" [Owner Manager] []
        ReadAudit "audit.read" "See who changed what" [Owner Manager Accounts] []
        ReadDownloads "downloads.read" "See long jobs and fetch what they made" [Owner Manager Sales Warehouse Accounts Dispatcher Viewer] []
        ReadFiles "files.read" "Open files of the company" [Owner Manager Sales Warehouse Accounts Dispatcher Driver Viewer] []
        ReadOrders "orders.read" "See orders" [Owner Manager Sales Warehouse Accounts Dispatcher Viewer] []
        PlaceOrders "orders.place" "Order for a customer" [Owner Manager Sales] []
        ConfirmOrders "orders.confirm" "Confirm and cancel orders" [Owner Manager Sales] []
        ReleaseOrders "orders.release" "Release orders that are held for credit" [Owner Manager Accounts] []
        ReadCustomers "customers.read" "See customers" [Owner Manager Sales Accounts Dispatcher Viewer] []
        EditCustomers "customers.edit" "Change customers and invite them" [Owner Manager Sales] []
        EditTerms "customers.terms" "Change a customer's credit limit and terms" [Owner Manager Accounts] []
        ReadPrices "prices.read" "See price lists" [Owner Manager Sales Accounts Viewer] []
        EditPrices "prices.edit" "Change price lists" [Owner Manager] []
        ReadProducts "products.read" "See products" [Owner Manager Sales Warehouse Accounts Dispatcher Viewer] []
        EditProducts "products.edit" "Change products and categories, import a catalogue" [Owner Manager Sales] []
        EditTaxes "taxes.edit" "Set the company's own tax rates" [Owner Manager Accounts] []
        ReadStock "stock.read" "See stock and its ledger" [Owner Manager Sales Warehouse Accounts Dispatcher Viewer] []
        EditStock "stock.edit" "Adjust stock, bring in opening stock" [Owner Manager Warehouse] []
        EditWarehouses "warehouses.edit" "Change warehouses" [Owner Manager] []
        ReadShipments "shipments.read" "See shipments" [Owner Manager Sales Warehouse Accounts Dispatcher Driver Viewer] []
        PackShipments "shipments.pack" "Pick and pack" [Owner Manager Warehouse] []
        DispatchShipments "shipments.dispatch" "Send shipments out" [Owner Manager Warehouse Dispatcher] []
        DeliverShipments "shipments.deliver" "Say what was delivered" [Owner Manager Warehouse Dispatcher Driver] []
        EditFleet "fleet.edit" "Change vehicles and drivers" [Owner Manager Dispatcher] []
        ReadInvoices "invoices.read" "See invoices and notes" [Owner Manager Sales Warehouse Accounts Dispatcher Viewer] []
        IssueInvoices "invoices.issue" "Issue invoices for packed shipments" [Owner Manager Warehouse Accounts Dispatcher] []
        CorrectInvoices "invoices.correct" "Give discounts, write credit and debit notes, cancel invoices" [Owner Manager Accounts] []
        SendEInvoices "einvoices.send" "Send e-invoices and e-way bills" [Owner Manager Accounts] []
        ReadPayments "payments.read" "See payments" [Owner Manager Sales Accounts Viewer] []
        RecordPayments "payments.record" "Record payments" [Owner Manager Sales Accounts] []
        AllocatePayments "payments.allocate" "Set payments against bills, agree on instalments, return cheques, refund" [Owner Manager Accounts] []
        ReadLedger "ledger.read" "See customers' ledgers and what they owe" [Owner Manager Sales Accounts Viewer] []
        WriteOff "ledger.write_off" "Write off what a customer owes" [Owner Manager] []
        EditAccounting "accounting.settings" "Change series of numbers, bank details and accounts for e-invoices and payments" [Owner Manager Accounts] []
    }
    Retailer {
        SeeSuppliers "suppliers.see" "See the shop's suppliers" [] [Owner Buyer Approver Accounts]
    }
    Shop {
        SeeShop "shop.see" "See a supplier's portal" [] [Owner Buyer Approver Accounts]
        ManageShop "shop.manage" "Change the shop's details and people" [] [Owner]
        OrderAsShop "shop.order" "Fill the cart and order" [] [Owner Buyer]
        SeeShopOrders "shop.orders" "See the shop's orders and deliveries" [] [Owner Buyer Approver Accounts]
        SeeBills "shop.bills" "See the shop's bills and its account" [] [Owner Buyer Approver Accounts]
        PayBills "shop.pay" "Pay the shop's bills" [] [Owner Accounts]
    }
}

/// Names of the permissions that a role at a company has.
pub fn of_role(role: Role) -> Vec<&'static str> {
    ALL.iter()
        .filter(|entry| entry.roles.contains(&role))
        .map(|entry| entry.name)
        .collect()
}

/// Whether a role at a company has a permission, both given by name.
pub fn role_has(role: Role, permission: &str) -> bool {
    ALL.iter()
        .any(|entry| entry.name == permission && entry.roles.contains(&role))
}

/// Whether a role at a retailer has a permission, both given by name.
pub fn shop_role_has(role: ShopRole, permission: &str) -> bool {
    ALL.iter()
        .any(|entry| entry.name == permission && entry.shop_roles.contains(&role))
}
